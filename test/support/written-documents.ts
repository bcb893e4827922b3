/** Documents as a collection's writer takes them, with vectors out of a generator: the same number, the same document. */
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { WrittenDocument } from "../../worker/collections/collection-writer.ts";

export const testSettings: CollectionSettings = {
  model: { name: "tiny", sha256: "0".repeat(64) },
  dimensions: 8,
  fields: { parity: "string", number: "number" },
  chunking: null,
  whitening: "auto",
  bestWindow: false,
  shards: 1,
  backend: "scan",
};

export interface DocumentOptions {
  readonly id?: string;
  readonly version?: number;
  readonly dimensions?: number;
  readonly characters?: number;
  /** Rows of its one entry: the first, and one for each window. */
  readonly rows?: number;
}

/** A document of one entry. Its text says which version it is. */
export function writtenDocument(number: number, options: DocumentOptions = {}): WrittenDocument {
  const { version = 0, dimensions = testSettings.dimensions, characters = 40, rows = 1 } = options;
  const id = options.id ?? `document-${String(number).padStart(6, "0")}`;
  const next = random(number * 31 + version);
  let text = `${id} version ${version}`;
  while (text.length < characters) text += ` ${words[next() % words.length]}${next() % 977}`;
  const values = Int8Array.from({ length: rows * dimensions }, () => (next() % 255) - 127);
  const scales = Float32Array.from({ length: rows }, (_, row) => {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    return 1 / Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  });
  return {
    ...{ id, text, metadata: { number, parity: number % 2 === 0 ? "even" : "odd", version } },
    entries: [{ from: 0, to: text.length, rows }],
    ...{ values, scales },
    contentHash: `hash-${number}-${version}-${dimensions}-${characters}-${rows}`,
  };
}

export function writtenDocuments(from: number, to: number, options: DocumentOptions = {}): WrittenDocument[] {
  return Array.from({ length: to - from }, (_, i) => writtenDocument(from + i, options));
}

const words = ["amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jetty"];

/** Whole numbers of 31 bits, the same for the same seed. */
export function random(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return (state ^ (state >>> 14)) >>> 1;
  };
}
