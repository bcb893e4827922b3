/** A model that is refined on the documents it is to search: here SciFact's abstracts, without queries or labels. */
import { deduplicate } from "../distill-job/corpus/deduplicate.ts";
import { mix } from "../distill-job/corpus/mix.ts";
import { withSentences } from "../distill-job/corpus/sentences.ts";
import { generalCorpus } from "../distill-job/default-model/general-corpus.ts";
import { refineRecipe, refineTeachers } from "../distill-job/default-model/refine-recipe.ts";
import { installSources } from "../distill-job/default-model/sources.ts";
import { type RefineListener, type Refinement, refine } from "../distill-job/refine/refine.ts";
import type { Runtime } from "../distill-job/teacher/runtime.ts";
import { readEvalFile } from "./eval-data.ts";

const seed = 1;

/**
 * Does what `nearvec refine --corpus abstracts:1 --corpus general:2 --sentences` does: twice as many general texts as
 * abstracts and sentences of them, so that the model stays good at what it was.
 *
 * @param file the model whose tokenizer it takes
 */
export async function adaptToSciFact(
  file: Uint8Array,
  runtime: Runtime,
  listener: Partial<RefineListener>,
): Promise<Refinement> {
  await installSources();
  const abstracts = readEvalFile("scifact/corpus.jsonl")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { title: string; text: string } => JSON.parse(line))
    .flatMap(({ title, text }) => [title, ...withSentences(`${title} ${text}`)]);
  const { texts } = await generalCorpus();
  const corpora = [
    { texts: deduplicate(abstracts).texts, weight: 1 },
    { texts, weight: 2 },
  ];
  const settings = { ...refineRecipe, teachers: await refineTeachers(), runtime, name: "adapted" };
  return refine(file, mix(corpora, seed), settings, listener);
}
