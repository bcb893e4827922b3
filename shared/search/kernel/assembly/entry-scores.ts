/** From scores of rows to scores of entries, and from those to scores of documents. */
import { wordOf } from "./bitmap";

/**
 * Lists the rows of the entries that pass, filled up to a multiple of four with the last of them.
 *
 * @param entryRows u32 x entries + 1: first row of each; 0 if every entry has one
 * @param list u32 x rows of those entries + 3, written
 * @returns how many they are
 */
export function listRows(passing: usize, entries: u32, entryRows: usize, list: usize): u32 {
  let at = list;
  for (let i: u32 = 0; i < entries; i += 64) {
    for (let word = wordOf(passing, i); word != 0; word &= word - 1) {
      const entry = i + <u32>ctz(word);
      if (entryRows == 0) {
        store<u32>(at, entry);
        at += 4;
        continue;
      }
      const end = load<u32>(entryRows + (<usize>entry << 2), 4);
      for (let row = load<u32>(entryRows + (<usize>entry << 2)); row < end; row++) {
        store<u32>(at, row);
        at += 4;
      }
    }
  }
  const count = <u32>((at - list) >> 2);
  if (count == 0) return 0;
  const last = load<u32>(at - 4);
  for (let i = 0; i < 3; i++) store<u32>(at + (i << 2), last);
  return count;
}

/**
 * An entry's score is that of its first row or, if it has windows, the highest that the midpoint of a window and the
 * first row has: both scores together, by the length of both vectors together.
 *
 * @param rowScores f32 x rows, and so jointInverses, which `joinRows` writes
 * @param scores f32 x entries, written where an entry passes
 */
export function scoreEntries(
  passing: usize,
  entries: u32,
  entryRows: usize,
  rowScores: usize,
  jointInverses: usize,
  scores: usize,
): void {
  for (let i: u32 = 0; i < entries; i += 64) {
    for (let word = wordOf(passing, i); word != 0; word &= word - 1) {
      const entry = <usize>i + <usize>ctz(word);
      const row = load<u32>(entryRows + (entry << 2));
      const end = rowScores + (<usize>load<u32>(entryRows + (entry << 2), 4) << 2);
      let at = rowScores + (<usize>row << 2);
      let score = load<f32>(at);
      at += 4;
      if (at < end) {
        const first = score;
        const toInverse = jointInverses - rowScores;
        score = (first + load<f32>(at)) * load<f32>(at + toInverse);
        for (at += 4; at < end; at += 4) {
          score = max(score, (first + load<f32>(at)) * load<f32>(at + toInverse));
        }
      }
      store<f32>(scores + (entry << 2), score);
    }
  }
}

/**
 * A document's score is that of its best entry, the first of them if several are equal.
 *
 * @param passing bitmap of documents
 * @param documentEntries u32 x documents + 1: first entry of each
 * @param scores f32 x entries
 * @param documentScores f32 x documents, written where a document passes
 * @param bestEntries u32 x documents, and so
 */
export function scoreDocuments(
  passing: usize,
  documents: u32,
  documentEntries: usize,
  scores: usize,
  documentScores: usize,
  bestEntries: usize,
): void {
  for (let i: u32 = 0; i < documents; i += 64) {
    for (let word = wordOf(passing, i); word != 0; word &= word - 1) {
      const document = (<usize>i + <usize>ctz(word)) << 2;
      const end = load<u32>(documentEntries + document, 4);
      let best = load<u32>(documentEntries + document);
      let score = load<f32>(scores + (<usize>best << 2));
      for (let entry = best + 1; entry < end; entry++) {
        const other = load<f32>(scores + (<usize>entry << 2));
        if (other > score) {
          score = other;
          best = entry;
        }
      }
      store<f32>(documentScores + document, score);
      store<u32>(bestEntries + document, best);
    }
  }
}
