/**
 * The committed models never saw a text of the evaluation data at hand, nor anything like one: the corpus that
 * they were refined on is read again from its packages and compared with every text of every file.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { decontaminate } from "../../distill-job/corpus/decontaminate.ts";
import { baseModelPath, nanoModelPath } from "../../distill-job/default-model/default-model.ts";
import { evaluationTexts } from "../../distill-job/default-model/evaluation-texts.ts";
import { generalCorpus } from "../../distill-job/default-model/general-corpus.ts";
import { installSources } from "../../distill-job/default-model/sources.ts";
import { maxTextTokens } from "../../distill-job/refine/refine-options.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { assetPath } from "../support/assets.ts";

let corpus: string[];
let evaluation: string[];
beforeAll(async () => {
  await installSources();
  corpus = (await generalCorpus()).texts;
  evaluation = await evaluationTexts(assetPath("eval"));
}, 600_000);

test("the evaluation data is read whole: all splits of all sets", () => {
  const read = new Set(evaluation);
  expect(evaluation.length).toBeGreaterThan(40_000);
  for (const text of [
    "A plane is taking off.",
    "0-dimensional biomaterials lack inductive properties.",
    "What can I do if my card still hasn't arrived after 2 weeks?",
  ]) {
    expect([...read].some((each) => each.includes(text))).toBe(true);
  }
});

test("no text of the corpus stands in evaluation data, exactly or almost", { timeout: 600_000 }, () => {
  expect(decontaminate(corpus, evaluation).removed).toBe(0);
});

test("a text of the evaluation data would be found, changed in case and by a word or two", () => {
  const long = evaluation.filter((text) => text.split(" ").length === 20).slice(0, 50);
  expect(long.length).toBe(50);
  const quoted = long.map((text) => `${text.toUpperCase()} That is what they said.`);
  expect(decontaminate(quoted, evaluation).removed).toBe(50);
});

test.each([baseModelPath, nanoModelPath])("%s was refined on this corpus", async (path) => {
  const model = await StaticModel.load(await readFile(path));
  const usable = corpus.filter((text) => model.tokenize(text, { maxLength: maxTextTokens }).length > 0);
  const digest = createHash("sha256");
  for (const text of usable.sort()) digest.update(`${text}\n`);
  expect(model.metadata.provenance).toMatchObject({
    refine_texts: String(usable.length),
    refine_texts_sha256: digest.digest("hex"),
  });
});
