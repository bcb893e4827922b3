/** What WordNet says in sentences. */
import type { Synset } from "./wordnet.ts";

/** Words of a synset that stand before its definition. */
const wordsNamed = 3;

/** Synsets in a passage beside the one that is more general. */
const kindsPerPassage = 3;

/** Every synset as "words: definition", and every example. */
export function wordNetTexts(synsets: readonly Synset[]): string[] {
  return synsets.flatMap((synset) => [
    ...(synset.definition === "" ? [] : [definitionOf(synset)]),
    ...synset.examples,
  ]);
}

/** Passages on one subject: the definition of a synset, and those of three that are more special. */
export function wordNetPassages(synsets: readonly Synset[]): string[] {
  const kinds = Map.groupBy(
    synsets
      .filter(({ definition }) => definition !== "")
      .flatMap((kind) => {
        return kind.hypernyms.map((hypernym) => ({ kind, hypernym }));
      }),
    ({ hypernym }) => hypernym,
  );
  return synsets.flatMap((synset) => {
    const special = (kinds.get(synset.id) ?? []).map(({ kind }) => kind);
    return Array.from({ length: Math.floor(special.length / kindsPerPassage) }, (_, i) =>
      [synset, ...special.slice(i * kindsPerPassage, (i + 1) * kindsPerPassage)]
        .map((each) => `${definitionOf(each)}.`)
        .join(" "),
    );
  });
}

function definitionOf({ words, definition }: Synset): string {
  return `${words.slice(0, wordsNamed).join(", ")}: ${definition}`;
}

/** The words of every synset that has several: "car, auto, automobile". */
export function synonyms(synsets: readonly Synset[]): string[] {
  return synsets.filter(({ words }) => words.length > 1).map(({ words }) => words.join(", "));
}
