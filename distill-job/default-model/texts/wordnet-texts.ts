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
