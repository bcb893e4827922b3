/** The directories that static models are published in: Model2Vec's and Sentence Transformers'. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { readCardLicense } from "../card-license.ts";

/** Where a layout keeps its files; the first whose files are all there is taken. */
export interface StaticLayout {
  readonly config: string;
  readonly model: string;
  readonly tokenizer: string;
  /** Name of the table's tensor. */
  readonly table: string;
}

/** The layouts and their order are model2vec 0.8's (`persistence/datamodels.py`, `FOLDER_LAYOUTS`). */
export const staticLayouts: readonly StaticLayout[] = [
  {
    config: "config.json",
    model: "model.safetensors",
    tokenizer: "tokenizer.json",
    table: "embeddings",
  },
  {
    config: "config_sentence_transformers.json",
    model: "model.safetensors",
    tokenizer: "tokenizer.json",
    table: "embedding.weight",
  },
  {
    config: "config_sentence_transformers.json",
    model: "0_StaticEmbedding/model.safetensors",
    tokenizer: "0_StaticEmbedding/tokenizer.json",
    table: "embedding.weight",
  },
];

/** A static model's files, read. */
export interface StaticDirectory {
  /** The directory's own name. */
  readonly name: string;
  /** Path of the safetensors file, for errors. */
  readonly modelPath: string;
  readonly model: Uint8Array;
  /** Hexadecimal SHA-256 of the safetensors file. */
  readonly modelSha256: string;
  readonly tableName: string;
  readonly tokenizer: TokenizerJson;
  readonly tokenizerSha256: string;
  readonly normalize: boolean;
  /** The model that it was distilled from, if the config says it. */
  readonly teacher: string | undefined;
  /** From the front matter of README.md. */
  readonly license: string | undefined;
}

/**
 * Reads the directory of a static model.
 * @throws NearvecError not_found for what is missing, artifact_invalid for what is no JSON
 */
export async function readStaticDirectory(directory: string): Promise<StaticDirectory> {
  const layout = await findLayout(directory);
  const modelPath = join(directory, layout.model);
  const model = new Uint8Array(await readFile(modelPath));
  const tokenizerText = await readFile(join(directory, layout.tokenizer), "utf8");
  const config = await readConfig(join(directory, layout.config));
  const teacher = config.tokenizer_name;
  return {
    name: basename(resolve(directory)),
    modelPath,
    model,
    modelSha256: sha256Of(model),
    tableName: layout.table,
    tokenizer: parseJson(tokenizerText, layout.tokenizer) as TokenizerJson,
    tokenizerSha256: sha256Of(tokenizerText),
    normalize: await readNormalize(directory, config),
    teacher: typeof teacher === "string" ? teacher : undefined,
    license: await readCardLicense(directory),
  };
}

async function findLayout(directory: string): Promise<StaticLayout> {
  if (!(await isThere(directory))) {
    throw notFound(`Expected the directory of a static model at ${directory}, there is none.`, directory);
  }
  for (const layout of staticLayouts) {
    const files = [layout.config, layout.model, layout.tokenizer];
    const found = await Promise.all(files.map((file) => isThere(join(directory, file))));
    if (found.every(Boolean)) return layout;
  }
  throw notFound(
    `Expected config.json (Model2Vec) or config_sentence_transformers.json with model.safetensors and tokenizer.json in ${directory}, not all are there. Download the whole model.`,
    directory,
  );
}

/** The config decides, as in Python; where it says nothing, the list of modules does. */
async function readNormalize(directory: string, config: Record<string, unknown>): Promise<boolean> {
  if (typeof config.normalize === "boolean") return config.normalize;
  const path = join(directory, "modules.json");
  if (!(await isThere(path))) return false;
  const modules = parseJson(await readFile(path, "utf8"), "modules.json");
  return (
    Array.isArray(modules) &&
    modules.some((module: { type?: unknown } | null) => String(module?.type).endsWith(".Normalize"))
  );
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const config = parseJson(await readFile(path, "utf8"), basename(path));
  return typeof config === "object" && config !== null ? (config as Record<string, unknown>) : {};
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NearvecError(
      "artifact_invalid",
      `Expected JSON in ${name}, got: ${(cause as Error).message}. Download it again.`,
      { param: name, cause },
    );
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

function sha256Of(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

function notFound(message: string, param: string): NearvecError {
  return new NearvecError("not_found", message, { param });
}
