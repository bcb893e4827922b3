/** Texts to the words that BM25 counts. */

/** Words that say nothing of a text: the list of Lucene's EnglishAnalyzer. */
const stopWords = new Set(
  "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split(
    " ",
  ),
);

/** Runs of letters, marks and digits in lower case, without stop words, stemmed. */
export function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.filter((word) => !stopWords.has(word)).map(stem);
}

/**
 * Takes the plural off an English word.
 * Source: Harman 1991, "How Effective Is Suffixing?", the S stemmer: the first rule that fits is applied.
 */
export function stem(word: string): string {
  if (word.length <= 3 || !word.endsWith("s")) return word;
  if (word.endsWith("ies")) return /[ae]ies$/.test(word) ? word : `${word.slice(0, -3)}y`;
  if (word.endsWith("es")) return /[aeo]es$/.test(word) ? word : word.slice(0, -1);
  return /[us]s$/.test(word) ? word : word.slice(0, -1);
}
