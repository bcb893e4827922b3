/** Sentences of a text in any language, as Unicode divides them. */
import type { TextRange } from "./text-range.ts";

const segmenter = new Intl.Segmenter("und", { granularity: "sentence" });

/**
 * The sentences of a text, each with the space after it: together they are the text.
 *
 * Source: Unicode Standard Annex 29, sentence boundaries.
 */
export function sentencesOf(text: string): TextRange[] {
  return Array.from(segmenter.segment(text), ({ index, segment }) => ({
    from: index,
    to: index + segment.length,
  }));
}
