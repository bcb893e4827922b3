/** The model file that a command is to work with: one of nearvec's own, a file, or one on the Hugging Face hub. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../shared/errors.ts";
import type { HubListener } from "./hub/hub-listener.ts";
import { isHubName, parseHubName } from "./hub/hub-name.ts";
import { readModelBytes } from "./model-file.ts";

/** What commands embed with that are not told otherwise. */
export const defaultModel = "base";

/** How `--model` is described in helps. */
export const modelOptionHelp = "model file, base, nano, or hf:org/name[@revision]";

const shippedModels = new URL("../models/", import.meta.url);

/**
 * @param choice a path, the name of one of models/, or `hf:org/name`; the default model if not given
 * @throws NearvecError not_found, and what downloads throw
 */
export async function readChosenModel(
  choice: string | undefined,
  listener: HubListener,
): Promise<Uint8Array> {
  if (choice === undefined) return readModelBytes(shippedModel(defaultModel));
  if (isHubName(choice)) {
    // Loaded only when it is needed: most runs have no use for the hub's library.
    const { hubAccess } = await import("./hub/hub-access.ts");
    const { pullModel } = await import("./hub/pull-model.ts");
    return (await pullModel(parseHubName(choice), hubAccess(), listener)).file;
  }
  if (!existsSync(choice) && /^[\w.-]+$/.test(choice)) {
    const shipped = shippedModel(choice);
    if (existsSync(shipped)) return readModelBytes(shipped);
    if (!choice.includes(".")) throw noSuchModel(choice);
  }
  return readModelBytes(choice);
}

/** Paths of the model files that nearvec comes with, by their names. */
export async function listShippedModels(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(shippedModels)).filter((name) => name.endsWith(".safetensors")).sort();
  return new Map(
    files.map((file) => {
      const name = file.slice(0, -".safetensors".length);
      return [name, shippedModel(name)];
    }),
  );
}

function shippedModel(name: string): string {
  return fileURLToPath(new URL(`${name}.safetensors`, shippedModels));
}

function noSuchModel(choice: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected a model file, base, nano or hf:org/name as --model, got ${choice}. Make a file with \`nearvec distill\` or \`nearvec import\`.`,
    { param: "model" },
  );
}
