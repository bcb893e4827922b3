/**
 * `npm run make:models`: makes models/base.safetensors and models/nano.safetensors again, teachers' passes
 * included. The same bytes come of the same teachers' vectors (`.nearvec/teacher-vectors`); on another machine
 * onnxruntime-node rounds otherwise, and the models come out as good but not equal.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type ArtifactContent, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { distillProgress } from "../output/distill-progress.ts";
import { refineProgress } from "../output/refine-progress.ts";
import { replaceFile } from "../output/replace-file.ts";
import { refine } from "../refine/refine.ts";
import { rotateDimensions } from "../table/rotate-dimensions.ts";
import { storeRows } from "../table/store-rows.ts";
import type { Runtime } from "../teacher/runtime.ts";
import { baseModelPath, nanoModelPath } from "./default-model.ts";
import { generalCorpus } from "./general-corpus.ts";
import { plainDistillation } from "./plain-distillation.ts";
import { refineRecipe, refineTeachers } from "./refine-recipe.ts";
import { installSources } from "./sources.ts";

const { values } = parseArgs({
  options: {
    runtime: { type: "string", default: "native" },
    cache: { type: "string", default: ".nearvec/teacher-vectors" },
    base: { type: "string", default: baseModelPath },
    nano: { type: "string", default: nanoModelPath },
  },
});
const runtime = values.runtime as Runtime;
const say = (line: string): boolean => process.stderr.write(`${line}\n`);

const started = performance.now();
say("installing the sources");
await installSources();
const teachers = await refineTeachers();

say("distilling all-MiniLM-L6-v2, for its tokenizer");
const distilling = distillProgress(process.stderr);
const { content: plain } = await plainDistillation({ runtime }, distilling).finally(() => distilling.stop());

say("reading the corpus");
const { texts, parts } = await generalCorpus();

const refining = refineProgress(process.stderr);
const settings = { ...refineRecipe, teachers, runtime, cache: values.cache };
const { content } = await refine(writeArtifact(plain), texts, settings, refining).finally(() =>
  refining.stop(),
);
const base: ArtifactContent = {
  ...content,
  name: "base",
  provenance: {
    teacher: "sentence-transformers/all-MiniLM-L6-v2, BAAI/bge-small-en-v1.5",
    license: "Apache-2.0",
    ...refineProvenance(content.provenance),
    refine_corpus: parts.map(({ origin, texts }) => `${origin}, ${texts.length} texts`).join("; "),
  },
};
await save(values.base, base);
await save(values.nano, await nanoOf(values.base));
say(`${((performance.now() - started) / 60_000).toFixed(1)} minutes`);

/** One bit per dimension, rotated first. */
async function nanoOf(path: string): Promise<ArtifactContent> {
  const { rows } = await readTable(await readFile(path));
  const { dimensions } = base;
  const rotated = rotateDimensions(rows, dimensions);
  return { ...base, name: "nano", rows: storeRows(rotated, dimensions, "int1"), rotated: true };
}

/** What refinement says of itself; what is said of the plain distillation holds for its tokenizer alone. */
function refineProvenance(provenance: ArtifactContent["provenance"]): Record<string, string> {
  return Object.fromEntries(Object.entries(provenance ?? {}).filter(([key]) => key.startsWith("refine")));
}

async function save(path: string, model: ArtifactContent): Promise<void> {
  const bytes = writeArtifact(model);
  await replaceFile(path, bytes);
  process.stdout.write(`${path}: ${model.name}, ${(bytes.length / 2 ** 20).toFixed(2)} MiB\n`);
}
