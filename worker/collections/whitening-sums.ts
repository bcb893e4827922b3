/**
 * Sums over the first rows of all entries, from which whitening is computed.
 *
 * They are sums of whole numbers (components in units of 2^-20, squares in units of 2^-30), so that they depend on
 * the documents that are there and not on the order in which they came and went: 2^23 entries stay below 2^53.
 */
import { encodeBase64 } from "../../shared/api/base64.ts";
import { whiteningMinEntries } from "../../shared/limits.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { Entry } from "../../shared/search/collection/document.ts";
import type { WhiteningStatistics } from "../../shared/search/collection/manifest.ts";
import type { Vectors } from "./vector-table.ts";

const componentUnits = 2 ** 20;
const squareUnits = 2 ** 30;

/** Variance below which a dimension says nothing: it is left as wide as it is. */
const leastVariance = 1e-9;

export class WhiteningSums {
  readonly #sql: SqlStorage;
  readonly #dimensions: number;
  readonly #mode: CollectionSettings["whitening"];

  constructor(sql: SqlStorage, { dimensions, whitening }: CollectionSettings) {
    this.#sql = sql;
    this.#dimensions = dimensions;
    this.#mode = whitening;
  }

  /** Adds what documents bring, and takes away what they took with them, in one go. */
  change(added: Iterable<EntryVectors>, removed: Iterable<EntryVectors>): void {
    if (this.#mode === "off") return;
    const { entries, sums } = this.#read();
    let count = entries;
    for (const document of added) count += this.#add(sums, document, 1);
    for (const document of removed) count += this.#add(sums, document, -1);
    this.#sql.exec("DELETE FROM whitening");
    this.#sql.exec("INSERT INTO whitening VALUES (?, ?)", count, sums.buffer);
  }

  clear(): void {
    this.#sql.exec("DELETE FROM whitening");
  }

  /** Null if the settings do not want it, or there are too few entries. */
  statistics(): WhiteningStatistics | null {
    if (this.#mode === "off") return null;
    const { entries, sums } = this.#read();
    if (entries === 0 || (this.#mode === "auto" && entries < whiteningMinEntries)) return null;
    const mean = new Float32Array(this.#dimensions);
    const deviation = new Float32Array(this.#dimensions);
    for (let i = 0; i < this.#dimensions; i++) {
      const average = sums[i]! / componentUnits / entries;
      const variance = sums[this.#dimensions + i]! / squareUnits / entries - average * average;
      mean[i] = average;
      deviation[i] = variance < leastVariance ? 1 : Math.sqrt(variance);
    }
    return { mean: base64(mean), deviation: base64(deviation) };
  }

  #read(): { entries: number; sums: Float64Array<ArrayBuffer> } {
    const [row] = this.#sql
      .exec<{ entries: number; sums: ArrayBuffer }>("SELECT entries, sums FROM whitening")
      .toArray();
    if (row === undefined) return { entries: 0, sums: new Float64Array(2 * this.#dimensions) };
    return { entries: row.entries, sums: new Float64Array(row.sums) };
  }

  /** @returns entries that were counted: those with a vector that says something */
  #add(sums: Float64Array, { entries, values, scales }: EntryVectors, sign: 1 | -1): number {
    const dimensions = this.#dimensions;
    let row = 0;
    let counted = 0;
    for (const entry of entries) {
      const scale = scales[row]!;
      if (scale > 0) {
        counted += sign;
        const start = row * dimensions;
        for (let i = 0; i < dimensions; i++) {
          const component = values[start + i]! * scale;
          sums[i]! += sign * Math.round(component * componentUnits);
          sums[dimensions + i]! += sign * Math.round(component * component * squareUnits);
        }
      }
      row += entry.rows;
    }
    return counted;
  }
}

export interface EntryVectors extends Vectors {
  readonly entries: readonly Entry[];
}

function base64(values: Float32Array): string {
  return encodeBase64(new Uint8Array(values.buffer));
}
