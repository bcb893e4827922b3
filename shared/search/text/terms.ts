/** Texts to the terms that keyword search counts. */
import { englishStem } from "./english-stem.ts";

/** A term with where it stands in the text, in UTF-16 units. */
export interface Term {
  readonly term: string;
  readonly from: number;
  readonly to: number;
}

/** Words that say nothing of a text: the list of Lucene's EnglishAnalyzer. */
const stopWords = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

/** Calls `visit` with each term of a text, in order. */
export function forEachTerm(text: string, visit: (term: string, from: number, to: number) => void): void {
  for (const match of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)) {
    const word = match[0].normalize("NFKC").toLowerCase();
    if (!stopWords.has(word)) visit(englishStem(word), match.index, match.index + match[0].length);
  }
}

/** The terms of a text, in order. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  forEachTerm(text, (term, from, to) => terms.push({ term, from, to }));
  return terms;
}

/** The terms of a text without their places. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  forEachTerm(text, (term) => words.push(term));
  return words;
}
