/**
 * Sentences that nobody wrote: common words of WordNet in a few patterns of captions, headlines, questions and
 * advice.
 *
 * Written collections say little about everyday things in few words, and a table learns of a word what it does
 * to sentences. What is said need not make sense: the teachers say where it lies.
 */
import { commonWords, fields, frames, type Phrase } from "./common-words.ts";
import { withArticle } from "./word-forms.ts";
import type { Synset } from "./wordnet.ts";

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
  const { nouns, names, adjective, verbs } = commonWords(synsets, random);
  return {
    act: nouns(fields.act),
    animal: nouns(fields.animal),
    thing: nouns(fields.thing),
    event: nouns(fields.event),
    person: nouns(fields.person),
    topic: nouns(fields.topic),
    building: nouns(fields.building),
    place: names(fields.place),
    adjective,
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
