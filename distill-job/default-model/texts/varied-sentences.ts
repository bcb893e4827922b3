/**
 * Sentences with one word exchanged for one of like meaning: they lie close together, and the teachers say how
 * close. Batches of like texts are what the contrastive stage learns most from.
 */
import { shuffle } from "../../seeded-random.ts";
import type { Synset } from "./wordnet.ts";

/** Words of a sentence that are tried, at most. */
const variantsPerSentence = 2;

/**
 * Exchanges nouns, verbs and adjectives in their base form: for a synonym, a sister (a word with the same
 * hypernym) or a more general word, all of them in common use.
 *
 * @param random gives numbers from 0 to below 1
 */
export function variedSentences(
  sentences: readonly string[],
  synsets: readonly Synset[],
  random: () => number,
): string[] {
  const neighbours = neighboursOf(synsets);
  return sentences.flatMap((sentence) => {
    const words = sentence.split(" ");
    const places = words.flatMap((word, i) => (neighbours.has(word.toLowerCase()) ? [i] : []));
    return shuffle(places, random)
      .slice(0, variantsPerSentence)
      .map((place) => {
        const choices = neighbours.get(words[place]!.toLowerCase())!;
        return words.with(place, choices[Math.floor(random() * choices.length)]!).join(" ");
      });
  });
}

/** For every word its neighbours in its most common sense. */
function neighboursOf(synsets: readonly Synset[]): Map<string, readonly string[]> {
  const senses = new Map<string, Synset>();
  const members = new Map<string, string[]>();
  const byId = new Map(synsets.map((synset) => [synset.id, synset]));
  for (const synset of synsets) {
    if (synset.uses === 0 || synset.isName) continue;
    const word = synset.words[0]!;
    if (synset.uses > (senses.get(word)?.uses ?? 0)) senses.set(word, synset);
    for (const hypernym of synset.hypernyms) {
      const sisters = members.get(hypernym);
      if (sisters === undefined) members.set(hypernym, [word]);
      else sisters.push(word);
    }
  }
  const neighbours = new Map<string, readonly string[]>();
  for (const [word, { words, hypernyms, part }] of senses) {
    if (part === "adv") continue;
    const near = new Set(words);
    for (const hypernym of hypernyms) {
      near.add(byId.get(hypernym)!.words[0]!);
      for (const sister of members.get(hypernym)!) near.add(sister);
    }
    near.delete(word);
    if (near.size > 0) neighbours.set(word, [...near]);
  }
  return neighbours;
}
