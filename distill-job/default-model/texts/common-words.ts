/** Words of WordNet that somebody used when its texts were tagged, picked at random to compose sentences of. */
import { type VerbForms, verbForms } from "./word-forms.ts";
import type { Synset } from "./wordnet.ts";

export type Phrase = () => string;

/** Numbers of lexicographer's files (lexnames(5WN)). */
export const fields = {
  act: [4],
  animal: [5],
  thing: [6, 13, 20],
  event: [4, 11],
  place: [15],
  person: [18],
  topic: [4, 9, 10, 13, 14, 22],
  building: [6, 15, 17],
} as const;

/** Sentence frames (wninput(5WN)). */
export const frames = {
  intransitive: [1, 2],
  transitive: [8, 11],
  personal: [9, 10],
  towards: [22, 4],
} as const;

export interface CommonWords {
  /** Nouns of these fields that are no names. */
  nouns(chosen: readonly number[]): Phrase;
  /** Names of single things of these fields. */
  names(chosen: readonly number[]): Phrase;
  readonly adjective: Phrase;
  /** Verbs with one of these frames. */
  verbs(chosen: readonly number[]): () => VerbForms;
}

/**
 * Picks common words more often than rare ones, by the square root of their uses.
 * @param random gives numbers from 0 to below 1
 */
export function commonWords(synsets: readonly Synset[], random: () => number): CommonWords {
  const phrases = (isWanted: (synset: Synset) => boolean): Phrase =>
    picker(synsets.filter(isWanted), ({ words }) => words[0]!, random);
  return {
    nouns: (chosen) =>
      phrases(({ part, field, isName }) => part === "noun" && !isName && chosen.includes(field)),
    names: (chosen) => phrases(({ field, isName }) => isName && chosen.includes(field)),
    adjective: phrases(({ part }) => part === "adj"),
    verbs: (chosen) => {
      const forms = synsets
        .filter(({ part, frames }) => part === "verb" && frames.some((frame) => chosen.includes(frame)))
        .filter(isCommon)
        .flatMap((synset) => {
          const form = verbForms(synset.words[0]!);
          return form === undefined ? [] : [{ ...synset, form }];
        });
      return picker(forms, ({ form }) => form, random);
    },
  };
}

/** Any item, each as likely as the others. */
export function anyOf<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)]!;
}

function isCommon({ uses, words }: Pick<Synset, "uses" | "words">): boolean {
  return uses > 0 && /^[a-z][a-z ]+$/i.test(words[0]!);
}

function picker<Item extends Synset, Result>(
  items: readonly Item[],
  resultOf: (item: Item) => Result,
  random: () => number,
): () => Result {
  const common = items.filter(isCommon);
  const ends = new Float64Array(common.length);
  let total = 0;
  common.forEach(({ uses }, i) => {
    total += Math.sqrt(uses);
    ends[i] = total;
  });
  return () => {
    const at = random() * total;
    let low = 0;
    for (let high = common.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return resultOf(common[low]!);
  };
}
