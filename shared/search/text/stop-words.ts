/** Words that say nothing of a text. */

/** The list of Lucene's EnglishAnalyzer. */
const english = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

/** @param word in lower case */
export function isStopWord(word: string): boolean {
  return english.has(word);
}
