/** What a teacher's directory holds: tokenizer.json and an ONNX file, as on the Hugging Face hub. */
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { readCardLicense } from "../card-license.ts";
import { poolingConfigPath } from "./declared-pooling.ts";
import { type ExternalData, externalDataPaths } from "./external-data.ts";

/** A teacher's files, read. */
export interface TeacherFiles {
  /** The directory's own name. */
  readonly name: string;
  readonly tokenizer: TokenizerJson;
  /** Hexadecimal SHA-256 of tokenizer.json. */
  readonly tokenizerSha256: string;
  /** Padding token that tokenizer_config.json names, if there is such a file. */
  readonly padToken: string | undefined;
  /** What 1_Pooling/config.json says, if there is one. */
  readonly poolingConfig: string | undefined;
  /** The ONNX file, relative to the directory. */
  readonly onnxPath: string;
  readonly onnx: Uint8Array;
  /** Hexadecimal SHA-256 of the ONNX file. */
  readonly onnxSha256: string;
  /** Weights that the ONNX file keeps in other files. */
  readonly externalData: readonly ExternalData[];
  /** Hexadecimal SHA-256 of those, one after the other; undefined if there are none. */
  readonly externalDataSha256: string | undefined;
  /** Licence that README.md names, if it does. */
  readonly license: string | undefined;
}

/** Where ONNX files are looked for, the most precise first. */
export const onnxCandidates = ["model", "model_fp16", "model_quantized"].flatMap((name) => [
  `onnx/${name}.onnx`,
  `${name}.onnx`,
]);

/**
 * Reads a teacher's directory.
 *
 * @param directory path of the directory
 * @param onnxPath the ONNX file to use, relative to the directory; the first of `onnxCandidates` if not given
 * @throws NearvecError not_found for what is missing, tokenizer_unsupported for a tokenizer.json that is none
 */
export async function readTeacherDirectory(directory: string, onnxPath?: string): Promise<TeacherFiles> {
  await expectDirectory(directory);
  const tokenizerText = await readText(join(directory, "tokenizer.json"));
  if (tokenizerText === undefined) {
    throw notFound(
      `Expected tokenizer.json in ${directory}, there is none. Download it with the model, or save it with transformers: AutoTokenizer.from_pretrained(…).save_pretrained("${directory}").`,
      "tokenizer.json",
    );
  }
  const tokenizer = parseJson(tokenizerText, "tokenizer.json") as TokenizerJson | null;
  if (typeof tokenizer?.model !== "object" || tokenizer.model === null) {
    throw new NearvecError(
      "tokenizer_unsupported",
      `Expected a tokenizer with a model in ${join(directory, "tokenizer.json")}, got something else. Download it again.`,
      { param: "tokenizer.json" },
    );
  }
  const path = onnxPath ?? (await findOnnx(directory));
  const onnx = await readOnnx(directory, path);
  const externalData = await readExternalData(directory, path, onnx);
  return {
    name: basename(resolve(directory)),
    tokenizer,
    tokenizerSha256: sha256Of(tokenizerText),
    padToken: await readPadToken(directory),
    poolingConfig: await readText(join(directory, poolingConfigPath)),
    onnxPath: path,
    onnx,
    onnxSha256: sha256Of(onnx),
    externalData,
    externalDataSha256:
      externalData.length > 0 ? sha256Of(...externalData.map(({ data }) => data)) : undefined,
    license: await readCardLicense(directory),
  };
}

async function expectDirectory(directory: string): Promise<void> {
  const found = await stat(directory).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw notFound(
    `Expected a directory with tokenizer.json and an ONNX file, got ${directory}, which is ${found ? "a file" : "not there"}.`,
    "teacher",
  );
}

async function findOnnx(directory: string): Promise<string> {
  const found = await readdir(directory, { recursive: true });
  const files = new Set(found.map((path) => path.replaceAll("\\", "/")));
  const path = onnxCandidates.find((candidate) => files.has(candidate));
  if (path !== undefined) return path;
  const others = [...files].filter((file) => file.endsWith(".onnx")).sort();
  throw notFound(
    others.length > 0
      ? `Expected one of ${onnxCandidates.join(", ")} in ${directory}, it has ${others.join(", ")}. Choose with --onnx ${others[0]}.`
      : `Expected an ONNX file in ${directory}, such as onnx/model.onnx, there is none. Export one: optimum-cli export onnx --model <name> ${directory}.`,
    "onnx",
  );
}

async function readOnnx(directory: string, path: string): Promise<Uint8Array> {
  try {
    return await readFile(join(directory, path));
  } catch (cause) {
    throw new NearvecError(
      "not_found",
      `Expected an ONNX file at ${join(directory, path)}, it cannot be read: ${(cause as Error).message}. Give --onnx relative to the teacher's directory.`,
      { param: "onnx", cause },
    );
  }
}

async function readExternalData(
  directory: string,
  onnxPath: string,
  onnx: Uint8Array,
): Promise<ExternalData[]> {
  const data: ExternalData[] = [];
  for (const path of externalDataPaths(onnx)) {
    const file = join(directory, dirname(onnxPath), path);
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new NearvecError(
        "not_found",
        `Expected the weights of ${onnxPath} at ${file}, they cannot be read: ${cause.message}. Download the file, it belongs beside the other.`,
        { param: "onnx", cause },
      );
    });
    data.push({ path, data: bytes });
  }
  return data;
}

/** The name is a string, or an object with the string as `content`. */
async function readPadToken(directory: string): Promise<string | undefined> {
  const text = await readText(join(directory, "tokenizer_config.json"));
  if (text === undefined) return undefined;
  const token = (parseJson(text, "tokenizer_config.json") as { pad_token?: unknown } | null)?.pad_token;
  if (typeof token === "string") return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === "string" ? content : undefined;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new NearvecError("not_found", `Expected to read ${path}, got: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NearvecError(
      "tokenizer_unsupported",
      `Expected JSON in ${name}, got: ${(cause as Error).message}. Download it again.`,
      { param: name, cause },
    );
  }
}

function sha256Of(...contents: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex");
}

function notFound(message: string, param: string): NearvecError {
  return new NearvecError("not_found", message, { param });
}
