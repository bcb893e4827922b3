/**
 * Makes excluded-texts.json: the texts of the general corpus that stand in evaluation data, exactly or almost.
 *
 *     node distill-job/default-model/exclude-evaluation-texts.ts FOLDER
 *
 * FOLDER holds the data of `nearvec evaluate`; every text of every file in it counts, of all splits. The list
 * is committed so that the models can be made again without the data.
 */
import { writeFile } from "node:fs/promises";
import { decontaminate } from "../corpus/decontaminate.ts";
import { evaluationTexts } from "./evaluation-texts.ts";
import { readCorpusParts, textDigest } from "./general-corpus.ts";
import { installSources } from "./sources.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Expected the folder of the evaluation data, got none.");
await installSources();
const forbidden = await evaluationTexts(folder);
const digests = new Set<string>();
for (const { name, texts } of await readCorpusParts()) {
  const kept = new Set(decontaminate(texts, forbidden).texts);
  const removed = texts.filter((text) => !kept.has(text));
  process.stdout.write(`${name}: ${removed.length} of ${texts.length} texts\n`);
  for (const text of removed) digests.add(textDigest(text));
}
const content = `${JSON.stringify([...digests].sort(), undefined, 2)}\n`;
await writeFile(new URL("./excluded-texts.json", import.meta.url), content);
