/**
 * Results as the MTEB results repository has them: a folder per model and revision, a file per task.
 * Format: https://github.com/embeddings-benchmark/results
 */
import type { DirectoryContent } from "../../export/directory-content.ts";
import type { Encoder } from "../encoder.ts";
import type { TaskResult } from "../task-result.ts";

type ModelFacts = Pick<Encoder, "name" | "revision" | "dimensions" | "maxTokens" | "bytes">;

/** Languages in MTEB's notation, by the subset's name. */
const languages: Readonly<Record<string, string>> = {
  default: "eng-Latn",
  en: "eng-Latn",
  de: "deu-Latn",
  zh: "cmn-Hans",
};

/**
 * The files for one model, by their paths below the results folder. Only what the vectors do alone is in
 * them: BM25 is another model.
 */
export function mtebResults(model: ModelFacts, results: readonly TaskResult[]): DirectoryContent {
  const pure = results.filter(({ system, isPure }) => isPure && system === model.name);
  const folder = `${fullName(model).replaceAll("/", "__").replaceAll(" ", "_")}/${model.revision}`;
  const files: Record<string, string> = { [`${folder}/model_meta.json`]: print(modelMeta(model)) };
  for (const [task, ofTask] of groupedBy(pure, ({ dataset }) => dataset.mtebName)) {
    files[`${folder}/${task}.json`] = print(taskFile(task, ofTask));
  }
  return files;
}

function taskFile(task: string, results: readonly TaskResult[]): Record<string, unknown> {
  const bySplit = groupedBy(results, ({ split }) => split);
  return {
    dataset_revision: "local",
    task_name: task,
    mteb_version: null,
    scores: Object.fromEntries([...bySplit].map(([split, ofSplit]) => [split, ofSplit.map(scoresOf)])),
    evaluation_time: results.reduce((sum, { seconds }) => sum + seconds, 0),
    kg_co2_emissions: null,
  };
}

function scoresOf({ scores, main, dataset }: TaskResult): Record<string, unknown> {
  return {
    ...scores,
    main_score: scores[main],
    hf_subset: dataset.mtebSubset,
    languages: [languages[dataset.mtebSubset] ?? dataset.mtebSubset],
  };
}

/** Map.groupBy, which Node 20 has not. */
function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** MTEB has no names without an organization. */
function fullName({ name }: ModelFacts): string {
  return name.includes("/") ? name : `nearvec/${name}`;
}

/** Fields of mteb 2's `ModelMeta`; null is "not known", which it asks for by name. */
function modelMeta(model: ModelFacts): Record<string, unknown> {
  const { revision, dimensions, maxTokens, bytes } = model;
  return {
    name: fullName(model),
    revision,
    release_date: null,
    languages: null,
    n_parameters: null,
    memory_usage_mb: bytes / 2 ** 20,
    max_tokens: maxTokens,
    embed_dim: dimensions,
    license: null,
    open_weights: true,
    similarity_fn_name: "cosine",
    framework: ["safetensors"],
    use_instructions: false,
    public_training_code: null,
    public_training_data: null,
    training_datasets: null,
    loader: null,
  };
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
