/** The stem of an English word, as far as a language-neutral index dares to go. */

/**
 * Takes the plural off.
 * Source: Harman 1991, "How Effective Is Suffixing?", the S stemmer: the first rule that fits is applied.
 */
export function englishStem(word: string): string {
  if (word.length <= 3 || !word.endsWith("s")) return word;
  if (word.endsWith("ies")) return /[ae]ies$/.test(word) ? word : `${word.slice(0, -3)}y`;
  if (word.endsWith("es")) return /[aeo]es$/.test(word) ? word : word.slice(0, -1);
  return /[us]s$/.test(word) ? word : word.slice(0, -1);
}
