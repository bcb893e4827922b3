/** From a repository on the hub to a model file. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { importStaticModel } from "../import/import-model.ts";
import type { HubOrigin } from "./fetched-model.ts";
import type { HubAccess } from "./hub-access.ts";
import type { HubListener } from "./hub-listener.ts";
import type { HubName } from "./hub-name.ts";
import { HubRepository } from "./hub-repository.ts";
import { readHubStaticModel } from "./hub-static-model.ts";

/** What nearvec's own model file is called in a repository. */
export const hubModelFile = "nearvec.safetensors";

export interface PulledModel {
  readonly origin: HubOrigin;
  /** Whether the model file was there, or has been made of another program's model. */
  readonly source: "nearvec" | "imported";
  /** Content of the model file. */
  readonly file: Uint8Array;
  readonly model: StaticModel;
}

/**
 * Downloads a repository's model file, or imports the Model2Vec or Sentence Transformers model that it has.
 * @throws NearvecError what `HubRepository`, `readHubStaticModel` and `StaticModel.load` throw
 */
export async function pullModel(
  name: HubName,
  access: HubAccess,
  listener: HubListener,
): Promise<PulledModel> {
  const repository = await HubRepository.open(name, access, listener);
  const { repo, commit, directory } = repository;
  const origin = { repo, commit };
  if (await repository.has(hubModelFile)) {
    await repository.fetch(hubModelFile);
    const file = await readFile(join(directory, hubModelFile));
    return { origin, source: "nearvec", file, model: await StaticModel.load(file) };
  }
  const file = writeArtifact(importStaticModel(await readHubStaticModel(repository)));
  return { origin, source: "imported", file, model: await StaticModel.load(file) };
}
