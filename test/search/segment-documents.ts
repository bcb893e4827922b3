/** Documents with vectors, made up: for tests of segments. */
import type { EncodedDocument } from "../../shared/search/collection/document.ts";

/** A document of one entry for each range, with rows of a pattern that tells them apart. */
export function makeDocument(
  id: string,
  text: string,
  options: {
    readonly dimensions?: number;
    readonly metadata?: Readonly<Record<string, unknown>>;
    /** Rows of each entry; the text is divided evenly among them. One entry of one row if not given. */
    readonly entryRows?: readonly number[];
  } = {},
): EncodedDocument {
  const { dimensions = 4, metadata = {}, entryRows = [1] } = options;
  const rows = entryRows.reduce((sum, count) => sum + count, 0);
  const seed = [...id].reduce((sum, character) => sum + character.codePointAt(0)!, 0);
  return {
    id,
    text,
    metadata,
    entries: entryRows.map((count, i) => ({
      from: Math.floor((text.length * i) / entryRows.length),
      to: Math.floor((text.length * (i + 1)) / entryRows.length),
      rows: count,
    })),
    values: Int8Array.from({ length: rows * dimensions }, (_, i) => ((seed + i * 31) % 255) - 127),
    scales: Float32Array.from({ length: rows }, (_, i) => (seed + i) / 1000),
  };
}
