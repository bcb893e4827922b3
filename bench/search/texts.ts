/** Texts to fill large collections with: real sentences, and beyond those, halves of two of them joined. */
import { sentencesOf } from "../../distill-job/corpus/sentences.ts";
import { readCorpusParts } from "../../distill-job/default-model/general-corpus.ts";
import { installSources } from "../../distill-job/default-model/sources.ts";
import { seededRandom, shuffle } from "../../distill-job/seeded-random.ts";
import { readEvalFile, readStsBenchmark } from "../eval-data.ts";

const seed = 1;

/** Parts of the general corpus that people wrote, not a program. */
const writtenParts = ["WordNet", "addresses", "novel", "factbook"];

/** Every sentence once, in an order of chance that is always the same. */
export async function realSentences(): Promise<string[]> {
  await installSources();
  const general = (await readCorpusParts())
    .filter(({ name }) => writtenParts.includes(name))
    .flatMap(({ texts }) => texts);
  const abstracts = readEvalFile("scifact/corpus.jsonl")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { text: string } => JSON.parse(line));
  const scientific = abstracts.flatMap(({ text }) => sentencesOf(text));
  const pairs = (["train", "dev", "test"] as const).flatMap(readStsBenchmark);
  const similar = pairs.flatMap(({ first, second }) => [first, second]);
  const questions = readEvalFile("banking77/train.csv")
    .split("\n")
    .slice(1)
    .map((line) =>
      line
        .replace(/,[^,]*$/, "")
        .replaceAll('"', "")
        .trim(),
    );
  const all = [...general, ...scientific, ...similar, ...questions].filter((text) => text.length > 10);
  return shuffle([...new Set(all)], seededRandom(seed));
}

/**
 * As many texts as are wanted: the sentences, then joined halves.
 *
 * @param sentences at least two
 */
export function* manyTexts(sentences: readonly string[], count: number): Generator<string> {
  const random = seededRandom(seed);
  const pick = () => sentences[Math.floor(random() * sentences.length)]!.split(" ");
  for (let i = 0; i < count; i++) {
    if (i < sentences.length) {
      yield sentences[i]!;
      continue;
    }
    const [first, second] = [pick(), pick()];
    yield [...first.slice(0, first.length >> 1), ...second.slice(second.length >> 1)].join(" ");
  }
}
