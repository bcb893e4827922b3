/** How often each word comes in a corpus, by the rules of Unicode and its dictionaries for writing without spaces. */
import type { TextBatch } from "../corpus/read-texts.ts";

/**
 * Different words that are counted at a time, about 100 bytes each. Above it, the rarest are forgotten: what is
 * left is right but for words so rare that they came this seldom by then.
 */
const maxDistinctWords = 8_000_000;

/**
 * Counts words as they are written. Segmentation is Unicode's (UAX 29) with ICU's dictionaries for Chinese,
 * Japanese, Thai, Khmer, Lao and Burmese; a number is a word, a punctuation mark is none.
 *
 * @param onProgress told how many bytes of the corpus have been read
 *
 * @example
 * ```ts
 * await countWords(readTextBatches(["corpus.txt"])); // Map { "一个" => 42, "are" => 17, … }
 * ```
 */
export async function countWords(
  batches: AsyncIterable<TextBatch> | Iterable<TextBatch>,
  onProgress: (done: number, total: number) => void = () => {},
  most = maxDistinctWords,
): Promise<Map<string, number>> {
  // The locale decides about next to nothing, and that of the machine would make results differ.
  const segmenter = new Intl.Segmenter("en", { granularity: "word" });
  const counts = new Map<string, number>();
  for await (const { texts, bytes, totalBytes } of batches) {
    for (const text of texts) {
      for (const { segment, isWordLike } of segmenter.segment(text)) {
        if (isWordLike) counts.set(segment, (counts.get(segment) ?? 0) + 1);
      }
    }
    for (let rarest = 1; counts.size > most; rarest++) forget(counts, rarest);
    onProgress(bytes, totalBytes);
  }
  return counts;
}

function forget(counts: Map<string, number>, rarest: number): void {
  for (const [word, count] of counts) if (count <= rarest) counts.delete(word);
}
