/** Texts to the vectors that they are found by: documents to entries and rows, queries to unit vectors. */
import { NearvecError } from "../errors.ts";
import { bestWindowTokens } from "../limits.ts";
import type { StaticModel } from "../static-model.ts";
import type { CollectionSettings } from "./collection/collection-settings.ts";
import type { EncodedDocument, Entry, SourceDocument } from "./collection/document.ts";
import { quantizeRow } from "./segment/int8-row.ts";
import { chunksOf } from "./text/chunks.ts";

/** A document on its way in, perhaps with a vector of the client's own. */
export interface NewDocument extends SourceDocument {
  /** What the text is found by instead of the model's vector. */
  readonly vector?: ArrayLike<number> | undefined;
}

export type EncodingModel = Pick<StaticModel, "tokenize" | "encodeInto">;
export type EncodingSettings = Pick<CollectionSettings, "dimensions" | "chunking" | "bestWindow">;

/**
 * Encodes a document: a row for all tokens of each entry, and one for each of its windows, if the collection
 * scores windows and the entry has more than one.
 *
 * @param path how errors name the document, e.g. `documents[3]`
 * @throws NearvecError invalid_request for a vector of another size, or with elements that are no numbers
 *
 * @example
 * ```ts
 * const encoded = encodeDocument(model, { id: "1", text: "A horse.", metadata: {} }, settings);
 * const { reference, parts } = await writeSegment([encoded], settings);
 * ```
 */
export function encodeDocument(
  model: EncodingModel,
  document: NewDocument,
  settings: EncodingSettings,
  path = "",
): EncodedDocument {
  const { id, text, metadata, vector } = document;
  const { dimensions } = settings;
  const vectors: Float32Array[] = [];
  const entries: Entry[] = [];
  if (vector !== undefined) {
    vectors.push(unitVector(vector, dimensions, path === "" ? "vector" : `${path}.vector`));
    entries.push({ from: 0, to: text.length, rows: 1 });
  } else {
    const ranges =
      settings.chunking === null ? [{ from: 0, to: text.length }] : chunksOf(text, settings.chunking);
    for (const { from, to } of ranges) {
      const rows = encodeEntry(model, text.slice(from, to), settings);
      vectors.push(...rows);
      entries.push({ from, to, rows: rows.length });
    }
  }
  const values = new Int8Array(vectors.length * dimensions);
  const scales = new Float32Array(vectors.length);
  vectors.forEach((row, i) => {
    quantizeRow(row, values, scales, i);
  });
  return { id, text, metadata, entries, values, scales };
}

/**
 * A query as a unit vector, or zeros if it says nothing.
 *
 * @param query a text, all tokens of which count, or a vector of the client's own
 * @param path how errors name the query's vector
 * @throws NearvecError invalid_request for a vector of another size, or with elements that are no numbers
 */
export function encodeQuery(
  model: EncodingModel,
  query: string | ArrayLike<number>,
  dimensions: number,
  path = "vector",
): Float32Array {
  return typeof query === "string"
    ? encodeTokens(model, query, dimensions)
    : unitVector(query, dimensions, path);
}

function encodeEntry(model: EncodingModel, text: string, settings: EncodingSettings): Float32Array[] {
  const { dimensions, bestWindow } = settings;
  if (!bestWindow) return [encodeTokens(model, text, dimensions)];
  const tokens = model.tokenize(text, { maxLength: null });
  const whole = encodeTokens(model, tokens, dimensions);
  return [whole, ...windowsOf(tokens).map((window) => encodeTokens(model, window, dimensions))];
}

/**
 * Tokens in as few windows as hold them, of the same length but for one token; none if one window would be all of
 * them. A short one at the end would score high by chance: it cost 0.6 (nano) to 2.4 points (base) of nDCG@10 on
 * SciFact's training claims.
 */
function windowsOf(tokens: Uint32Array): Uint32Array[] {
  const count = Math.ceil(tokens.length / bestWindowTokens);
  if (count < 2) return [];
  const start = (window: number): number => Math.floor((tokens.length * window) / count);
  return Array.from({ length: count }, (_, window) => tokens.subarray(start(window), start(window + 1)));
}

function encodeTokens(
  model: EncodingModel,
  input: string | ArrayLike<number>,
  dimensions: number,
): Float32Array {
  const vector = new Float32Array(dimensions);
  model.encodeInto(input, vector, 0, { dimensions, maxLength: null, normalize: true });
  return vector;
}

/** A vector of the client's, checked and divided by its length. */
function unitVector(vector: ArrayLike<number>, dimensions: number, path: string): Float32Array {
  if (vector.length !== dimensions) {
    throw new NearvecError(
      "invalid_request",
      `Expected ${dimensions} numbers at ${path}, as this collection's vectors have, got ${vector.length}.`,
      { param: path },
    );
  }
  let most = 0;
  for (let i = 0; i < dimensions; i++) {
    if (!Number.isFinite(vector[i])) {
      const param = `${path}[${i}]`;
      throw new NearvecError("invalid_request", `Expected a finite number at ${param}, got ${vector[i]}.`, {
        param,
      });
    }
    most = Math.max(most, Math.abs(vector[i]!));
  }
  if (most === 0) return new Float32Array(dimensions);
  // Divided by the largest first: its square could be more than a number can be, or less.
  const scaled = Float64Array.from(vector, (value) => value / most);
  const norm = Math.sqrt(scaled.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(scaled, (value) => value / norm);
}
