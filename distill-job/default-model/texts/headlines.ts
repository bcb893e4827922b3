/**
 * Headlines that nobody wrote: the forms of news filled with the names of the World Factbook, the words of
 * WordNet and any words of the vocabulary.
 *
 * Names, numbers and what is said of them are what news is made of, and what dictionaries and speeches lack.
 */
import { anyOf, commonWords, fields, frames, type Phrase } from "./common-words.ts";
import type { Country } from "./countries.ts";
import { newsPatterns, newsWords } from "./news-patterns.ts";
import type { Synset } from "./wordnet.ts";

/** What headlines are about. */
export interface NewsSources {
  readonly synsets: readonly Synset[];
  readonly countries: readonly Country[];
  /** Stand for people, companies and things in the news. */
  readonly words: readonly string[];
}

/** @param random gives numbers from 0 to below 1 */
export function headlines(sources: NewsSources, count: number, random: () => number): string[] {
  const fillers = { ...namesOf(sources, random), ...wordsOf(sources, random), ...numbersOf(random) };
  return Array.from({ length: count }, () => {
    const headline = anyOf(newsPatterns, random).replace(/\{(\w+)\}/g, (_, name: string) => {
      return (fillers as Record<string, Phrase>)[name]!();
    });
    return headline[0]!.toUpperCase() + headline.slice(1);
  });
}

function namesOf({ synsets, countries, words }: NewsSources, random: () => number) {
  const any = <Item>(items: readonly Item[]): Item => anyOf(items, random);
  const chance = (share: number): boolean => random() < share;
  const people = synsets
    .filter(({ part, isName, field }) => part === "noun" && isName && field === fields.person[0])
    .map((synset) => synset.words[0]!)
    .filter((name) => /^[A-Z][a-zA-Z]+$/.test(name));
  const capitals = countries.map(({ capital }) => capital).filter(Boolean);
  const adjectives = countries.map(({ adjective }) => adjective).filter(Boolean);
  const governed = countries.filter(({ leaders }) => leaders.length > 0);
  const organized = countries.filter(({ parties }) => parties.length > 0);
  const places = commonWords(synsets, random).names(fields.place);
  const country = (): string => any(countries).name;
  const leader = (): string => any(any(governed).leaders);
  return {
    country,
    leader,
    capital: () => any(capitals),
    nationality: () => any(adjectives),
    org: () => any(any(organized).parties),
    word: () => any(words),
    place: () => (chance(0.4) ? places() : chance(0.5) ? country() : any(capitals)),
    surname: () => (chance(0.4) ? any(people) : chance(0.5) ? leader().split(" ").at(-1)! : any(words)),
    company: () => {
      const name = any(words);
      return chance(0.4) ? name : `${name} ${any(newsWords.business)}`;
    },
  };
}

function wordsOf({ synsets }: NewsSources, random: () => number) {
  const { nouns, adjective, verbs } = commonWords(synsets, random);
  const takes = verbs(frames.transitive);
  const goes = verbs(frames.intransitive);
  const listed = (name: keyof typeof newsWords): Phrase => {
    return () => anyOf(newsWords[name], random);
  };
  return {
    adjective,
    person: nouns(fields.person),
    topic: nouns(fields.topic),
    event: nouns(fields.event),
    thing: nouns(fields.thing),
    animal: nouns(fields.animal),
    building: nouns(fields.building),
    take: () => takes().infinitive,
    takes: () => takes().present,
    took: () => takes().past,
    goes: () => goes().present,
    disaster: listed("disaster"),
    crime: listed("crime"),
    vehicle: listed("vehicle"),
    disease: listed("disease"),
    sport: listed("sport"),
    day: listed("day"),
    month: listed("month"),
    quarter: listed("quarter"),
    moved: listed("moved"),
    currency: listed("currency"),
  };
}

function numbersOf(random: () => number) {
  const below = (end: number): number => Math.floor(random() * end);
  const decimal = (end: number, digits: number): string => (random() * end).toFixed(digits);
  const thousands = (end: number): string => `${1 + below(end)},${String(below(1000)).padStart(3, "0")}`;
  return {
    n: () => {
      const kind = random();
      if (kind < 0.5) return String(2 + below(40));
      if (kind < 0.75) return String(10 + below(300));
      return kind < 0.85 ? thousands(30) : anyOf(newsWords.number, random);
    },
    year: () => String(1990 + below(35)),
    pct: () => (random() < 0.5 ? String(1 + below(60)) : decimal(20, 1)),
    money: () => `${(random() * 40).toFixed(1 + below(2))} ${anyOf(["million", "billion"], random)}`,
    cents: () => String(1 + below(99)),
    price: () => decimal(100, 2),
    points: () => decimal(200, 2),
    value: () => `${thousands(15)}.${10 + below(89)}`,
    score: () => `${below(6)}-${below(5)}`,
  };
}
