/** A static model on the hub, as Model2Vec or Sentence Transformers saves it: of all its files, those it is in. */
import { NearvecError } from "../../shared/errors.ts";
import { readStaticDirectory, type StaticDirectory, staticLayouts } from "../import/static-directory.ts";
import type { HubOrigin } from "./fetched-model.ts";
import { ownName } from "./hub-name.ts";
import { type HubRepository, listed } from "./hub-repository.ts";

export interface LocatedStaticModel extends StaticDirectory {
  /** Where on the hub it comes from; undefined for a directory. */
  readonly origin?: HubOrigin | undefined;
}

/** `modules.json` may say whether vectors are normalized, README.md names the licence. */
const optionalFiles = ["modules.json", "README.md"];

/**
 * Downloads a static model and reads it.
 * @throws NearvecError not_found for what is missing, and what `HubRepository` and `readStaticDirectory` throw
 */
export async function readHubStaticModel(repository: HubRepository): Promise<LocatedStaticModel> {
  const { repo, commit, directory } = repository;
  await repository.fetch(...(await findLayout(repository)));
  for (const file of optionalFiles) if (await repository.has(file)) await repository.fetch(file);
  return { ...(await readStaticDirectory(directory)), name: ownName(repo), origin: { repo, commit } };
}

/** @returns the files of the first layout that is there whole */
async function findLayout(repository: HubRepository): Promise<string[]> {
  for (const { config, tokenizer, model } of staticLayouts) {
    const files = [config, tokenizer, model];
    const found = await Promise.all(files.map((file) => repository.has(file)));
    if (found.every(Boolean)) return files;
  }
  const { repo } = repository;
  throw new NearvecError(
    "not_found",
    `Expected a static model in ${repo}: config.json (Model2Vec) or config_sentence_transformers.json with model.safetensors and tokenizer.json. It has ${listed(await repository.files())}. A transformer is made into one by \`nearvec distill hf:${repo}\`.`,
    { param: "hf" },
  );
}
