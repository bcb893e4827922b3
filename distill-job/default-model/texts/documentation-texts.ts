/** Sentences of documentation comments in type declarations: how software is explained. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sentencesOf } from "../../corpus/sentences.ts";

/** Comments of all declarations in a folder. @param directory such as `clients` of the npm package aws-sdk */
export async function documentationSentences(directory: string): Promise<string[]> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".d.ts"));
  const files = await Promise.all(names.sort().map((name) => readFile(join(directory, name), "utf8")));
  return files.flatMap((file) =>
    Array.from(file.matchAll(/\/\*\*([\s\S]*?)\*\//g), ([, comment]) => plainText(comment!)).flatMap(
      sentencesOf,
    ),
  );
}

/** A comment without its stars, tags, examples and marks. */
function plainText(comment: string): string {
  return comment
    .replace(/^\s*\* ?/gm, "")
    .replace(/^@.*$/gm, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\{@link ([^}|]*)[^}]*\}/g, "$1")
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/https?:\S+/g, "")
    .replace(/[`*_]+/g, "");
}
