/** What the kernel makes of a text before it looks words up, in TypeScript: for compiling, not for serving. */
import { type NormalizedCharacter, type NormalizerOptions, normalizeCharacter } from "./character-facts.ts";

/**
 * BERT's normalizer: the characters that are left of a text, in canonical order.
 *
 * @example
 * ```ts
 * toText(normalizeText("Café 中", options)); // "cafe  中 "
 * ```
 */
export function normalizeText(text: string, options: NormalizerOptions): NormalizedCharacter[] {
  const characters: NormalizedCharacter[] = [];
  for (const character of text) {
    for (const normalized of normalizeCharacter(character.codePointAt(0)!, options)) {
      // A mark that is kept moves before those of a higher class (Unicode Standard, 3.11, D109).
      let at = characters.length;
      while (normalized.order > 0 && at > 0 && characters[at - 1]!.order > normalized.order) at--;
      characters.splice(at, 0, normalized);
    }
  }
  return characters;
}

/** BERT's pre-tokenizer after its normalizer: the words and punctuation marks of a text. */
export function splitIntoWords(text: string, options: NormalizerOptions): string[] {
  const words: string[] = [];
  let word: NormalizedCharacter[] = [];
  const endWord = (): void => {
    if (word.length > 0) words.push(toText(word));
    word = [];
  };
  for (const character of normalizeText(text, options)) {
    if (character.kind !== "word") endWord();
    if (character.kind === "punctuation") words.push(toText([character]));
    if (character.kind === "word") word.push(character);
  }
  endWord();
  return words;
}

export function toText(characters: readonly NormalizedCharacter[]): string {
  return characters.map(({ codePoint }) => String.fromCodePoint(codePoint)).join("");
}
