/** The sums that whitening is computed from, kept up to date with every write: over the documents that are there. */
import { whiteningMinEntries } from "../../shared/limits.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import type { WhiteningStatistics } from "../../shared/search/collection/manifest.ts";
import { encodeWhitening, WhiteningSums } from "../../shared/search/ranking/whitening.ts";

/** The vectors of a document by entry. */
export type EntryVectors = Pick<EncodedDocument, "entries" | "values" | "scales">;

export class WhiteningTable {
  readonly #sql: SqlStorage;
  readonly #dimensions: number;
  readonly #mode: CollectionSettings["whitening"];

  constructor(sql: SqlStorage, { dimensions, whitening }: CollectionSettings) {
    this.#sql = sql;
    this.#dimensions = dimensions;
    this.#mode = whitening;
  }

  /** Adds what documents bring, and takes away what others took with them, in one go. */
  change(added: Iterable<EntryVectors>, removed: Iterable<EntryVectors>): void {
    if (this.#mode === "off") return;
    const sums = this.#read();
    for (const document of added) sums.addDocument(document);
    for (const document of removed) sums.addDocument(document, -1);
    this.clear();
    this.#sql.exec("INSERT INTO whitening VALUES (?)", sums.toBytes());
  }

  clear(): void {
    this.#sql.exec("DELETE FROM whitening");
  }

  /** Null if the settings do not want it, or there are too few entries. */
  statistics(): WhiteningStatistics | null {
    if (this.#mode === "off") return null;
    const sums = this.#read();
    if (this.#mode === "auto" && sums.count < whiteningMinEntries) return null;
    const whitening = sums.statistics();
    return whitening === null ? null : encodeWhitening(whitening);
  }

  #read(): WhiteningSums {
    const [row] = this.#sql.exec<{ sums: ArrayBuffer }>("SELECT sums FROM whitening").toArray();
    return row === undefined
      ? new WhiteningSums(this.#dimensions)
      : WhiteningSums.fromBytes(new Uint8Array(row.sums), this.#dimensions);
  }
}
