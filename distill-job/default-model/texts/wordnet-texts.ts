/** What WordNet says in sentences. */
import type { Synset } from "./wordnet.ts";

/** Words of a synset that stand before its definition. */
const wordsNamed = 3;

/** Every synset as "words: definition", and every example. */
export function wordNetTexts(synsets: readonly Synset[]): string[] {
  return synsets.flatMap(({ words, definition, examples }) => [
    ...(definition === "" ? [] : [`${words.slice(0, wordsNamed).join(", ")}: ${definition}`]),
    ...examples,
  ]);
}

/** The words of every synset that has several: "car, auto, automobile". */
export function synonyms(synsets: readonly Synset[]): string[] {
  return synsets.filter(({ words }) => words.length > 1).map(({ words }) => words.join(", "));
}
