/**
 * Sentences that nobody wrote: common words of WordNet in a few patterns of captions, headlines, questions and
 * advice.
 *
 * Written collections say little about everyday things in few words, and a table learns of a word what it does
 * to sentences. What is said need not make sense: the teachers say where it lies.
 */
import { type VerbForms, verbForms, withArticle } from "./word-forms.ts";
import type { Synset } from "./wordnet.ts";

/** Numbers of lexicographer's files (lexnames(5WN)). */
const fields = {
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
const frames = { intransitive: [1, 2], transitive: [8, 11], personal: [9, 10], towards: [22, 4] } as const;

type Phrase = () => string;

/** @param random gives numbers from 0 to below 1 */
export function composedSentences(synsets: readonly Synset[], count: number, random: () => number): string[] {
  const vocabulary = wordsToCompose(synsets, random);
  const patterns = patternsOf(vocabulary, random);
  return Array.from({ length: count }, () => {
    const sentence = patterns[Math.floor(random() * patterns.length)]!();
    return sentence[0]!.toUpperCase() + sentence.slice(1);
  });
}

function wordsToCompose(synsets: readonly Synset[], random: () => number) {
  const nouns = (chosen: readonly number[]): Phrase =>
    picker(
      synsets.filter(({ part, field, isName }) => part === "noun" && !isName && chosen.includes(field)),
      ({ words }) => words[0]!,
      random,
    );
  const verbs = (chosen: readonly number[]): (() => VerbForms) => {
    const forms = synsets
      .filter(({ part, frames }) => part === "verb" && frames.some((frame) => chosen.includes(frame)))
      .filter(isCommon)
      .flatMap((synset) => {
        const form = verbForms(synset.words[0]!);
        return form === undefined ? [] : [{ ...synset, form }];
      });
    return picker(forms, ({ form }) => form, random);
  };
  return {
    act: nouns(fields.act),
    animal: nouns(fields.animal),
    thing: nouns(fields.thing),
    event: nouns(fields.event),
    person: nouns(fields.person),
    topic: nouns(fields.topic),
    building: nouns(fields.building),
    place: picker(
      synsets.filter(({ field, isName }) => isName && fields.place.includes(field as 15)),
      ({ words }) => words[0]!,
      random,
    ),
    adjective: picker(
      synsets.filter(({ part }) => part === "adj"),
      ({ words }) => words[0]!,
      random,
    ),
    goes: verbs(frames.intransitive),
    takes: verbs(frames.transitive),
    meets: verbs(frames.personal),
    walks: verbs(frames.towards),
  };
}

function patternsOf(vocabulary: ReturnType<typeof wordsToCompose>, random: () => number): Phrase[] {
  const { act, animal, thing, event, person, topic, building, place, adjective, goes, takes, meets, walks } =
    vocabulary;
  const oneOf = (...choices: readonly string[]): string => choices[Math.floor(random() * choices.length)]!;
  const someone = (): string =>
    oneOf("a man", "a woman", "a boy", "a girl", "a child", "two people", "a person", withArticle(person()));
  const be = (who: string): string => (who.startsWith("two") ? "are" : "is");
  const where = (): string =>
    `${oneOf("in", "on", "at", "near", "behind", "next to")} ${oneOf("a", "the")} ${building()}`;
  const maybe = (text: () => string): string => (random() < 0.5 ? "" : ` ${text()}`);
  const number = (): string => String(Math.floor(2 + random() ** 3 * 200));
  const doing = (verb: string) => (): string => {
    const who = someone();
    return `${who} ${be(who)}${maybe(() => oneOf("not", "also", "slowly", "still", "quickly"))} ${verb}`;
  };
  return [
    () => `${doing(takes().gerund)()} ${withArticle(thing())}${maybe(where)}.`,
    () => `${doing(takes().gerund)()} some ${thing()}.`,
    () => `${doing(walks().gerund)()} ${where()}.`,
    () => `${doing(meets().gerund)()} ${someone()}${maybe(where)}.`,
    () => `${oneOf("a", "the")} ${adjective()} ${animal()} is ${goes().gerund} ${where()}.`,
    () => `${withArticle(adjective())} ${thing()} ${where()}.`,
    () => `${withArticle(animal())} and ${withArticle(animal())} ${where()}`,
    () => `a ${person()} ${takes().past} the ${adjective()} ${thing()}.`,
    () =>
      `${place()} ${person()} ${takes().present} ${topic()} ${oneOf("over", "after", "amid", "despite")} ${event()}`,
    () => `${number()} ${oneOf("killed", "injured", "arrested", "missing", "dead")} in ${place()} ${event()}`,
    () => `${place()} ${goes().present} as ${topic()} ${oneOf("rises", "falls", "grows", "ends", "begins")}`,
    () =>
      `${oneOf("the", "a")} ${person()} ${oneOf("said", "told reporters", "announced")} that ${topic()} in ${place()} ${oneOf("would", "could", "did not", "will")} ${goes().infinitive}.`,
    () =>
      `how ${oneOf("do I", "can I", "should I", "do you")} ${takes().infinitive} ${withArticle(thing())}?`,
    () => `which way to ${takes().infinitive} ${oneOf("the", "my", "your")} ${thing()} is the best?`,
    () => `what is the difference between ${topic()} and ${topic()}?`,
    () =>
      `is it ${adjective()} to ${takes().infinitive} ${topic()} ${oneOf("before", "after", "without", "for")} ${act()}?`,
    () =>
      `you ${oneOf("should", "should not", "can", "do not have to", "need to")} ${takes().infinitive} the ${thing()}${maybe(where)}.`,
    () =>
      `I think the ${topic()} is ${adjective()}, but the ${event()} is ${oneOf("not", "more", "very")} ${adjective()}.`,
    () => `${oneOf("effects", "causes", "history", "role", "cost")} of ${topic()} on ${topic()}`,
  ];
}

/** Words that somebody used when WordNet's texts were tagged. */
function isCommon({ uses, words }: Pick<Synset, "uses" | "words">): boolean {
  return uses > 0 && /^[a-z][a-z ]+$/i.test(words[0]!);
}

/** Picks common words more often than rare ones, by the square root of their uses. */
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
