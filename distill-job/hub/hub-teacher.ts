/** A teacher on the hub: of all its files, those that nearvec reads. */
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { poolingConfigPath } from "../teacher/declared-pooling.ts";
import { externalDataPaths } from "../teacher/external-data.ts";
import { onnxCandidates } from "../teacher/teacher-directory.ts";
import type { FetchedModel } from "./fetched-model.ts";
import type { HubAccess } from "./hub-access.ts";
import type { HubListener } from "./hub-listener.ts";
import { parseHubName } from "./hub-name.ts";
import { HubRepository, listed } from "./hub-repository.ts";

export interface FetchedTeacher extends FetchedModel {
  /** The ONNX file, relative to the directory. */
  readonly onnxPath: string;
}

/** What a teacher may do without: README.md names its licence. */
const optionalFiles = ["tokenizer_config.json", "README.md", poolingConfigPath];

/**
 * Downloads a teacher's tokenizer and one ONNX file, with the weights that it keeps in other files.
 *
 * @param name `hf:org/name@revision`
 * @param onnxPath the ONNX file to use; the first of `onnxCandidates` that is there if not given
 * @throws NearvecError not_found for what is missing, and what `HubRepository` throws
 */
export async function fetchTeacher(
  name: string,
  onnxPath: string | undefined,
  access: HubAccess,
  listener: HubListener,
): Promise<FetchedTeacher> {
  const repository = await HubRepository.open(parseHubName(name), access, listener);
  const { repo, commit, directory } = repository;
  if (!(await repository.has("tokenizer.json"))) {
    throw missing("tokenizer.json", repo, await repository.files(), "Use a model with a fast tokenizer.");
  }
  const path = onnxPath ?? (await findOnnx(repository));
  await repository.fetch("tokenizer.json");
  for (const file of optionalFiles) if (await repository.has(file)) await repository.fetch(file);
  await repository.fetch(path);
  const weights = externalDataPaths(await readFile(join(directory, path)));
  await repository.fetch(...weights.map((file) => posix.join(posix.dirname(path), file)));
  return { directory, origin: { repo, commit }, onnxPath: path };
}

async function findOnnx(repository: HubRepository): Promise<string> {
  for (const candidate of onnxCandidates) if (await repository.has(candidate)) return candidate;
  const files = await repository.files();
  const others = files.filter((file) => file.endsWith(".onnx"));
  if (others.length > 0) {
    const advice = `Choose with --onnx ${others[0]}.`;
    throw missing(`one of ${onnxCandidates.join(", ")}`, repository.repo, others, advice);
  }
  const advice = `Export one: optimum-cli export onnx --model ${repository.repo} <directory>.`;
  throw missing("an ONNX file, such as onnx/model.onnx,", repository.repo, files, advice);
}

function missing(expected: string, repo: string, files: readonly string[], advice: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected ${expected} in ${repo}, it has ${listed(files)}. ${advice}`,
    { param: "teacher" },
  );
}
