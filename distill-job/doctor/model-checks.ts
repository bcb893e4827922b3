/** Model files: whole, by their checksums, and able to embed. */
import { readFile } from "node:fs/promises";
import { maxArtifactBytesInWorker } from "../../shared/limits.ts";
import { listShippedModels } from "../chosen-model.ts";
import { type Check, fail, ok, reasonOf, warn } from "./check.ts";

/** @param file the user's; those that nearvec comes with if not given */
export async function checkModels(file: string | undefined): Promise<Check[]> {
  const files =
    file === undefined ? await listShippedModels().catch(() => new Map()) : new Map([[file, file]]);
  if (files.size === 0) {
    return [
      fail("model", "none of nearvec's own models is here", "Install nearvec again, or npm run make:models."),
    ];
  }
  return Promise.all([...files].map(([name, path]) => checkModel(name, path)));
}

async function checkModel(label: string, path: string): Promise<Check> {
  const name = `model ${label}`;
  try {
    // Loaded here, for what fails may be the kernel that has not been built.
    const { StaticModel } = await import("../../shared/static-model.ts");
    const bytes = await readFile(path);
    const model = await StaticModel.load(bytes);
    const { dimensions, metadata } = model;
    const norm = Math.hypot(...model.encode("a horse in the rain"));
    const about = `${dimensions} dimensions, ${metadata.rowType}, ${(bytes.length / 2 ** 20).toFixed(1)} MiB, checksums right`;
    if (!Number.isFinite(norm) || norm === 0) {
      return fail(
        name,
        `${about}, but plain English embeds to nothing`,
        "Is it a model of another language?",
      );
    }
    if (bytes.length > maxArtifactBytesInWorker) {
      return warn(
        name,
        `${about}: too large for a worker, which takes ${Math.floor(maxArtifactBytesInWorker / 2 ** 20)} MiB`,
        "Make it smaller: nearvec quantize.",
      );
    }
    return ok(name, about);
  } catch (error) {
    const missing = reasonOf(error).includes("kernel.wasm");
    return fail(
      name,
      reasonOf(error),
      missing ? "npm run build" : "Get the file again, or make it again with nearvec distill.",
    );
  }
}
