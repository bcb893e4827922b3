/** A user's own worker, bundled by wrangler as `wrangler deploy` would, and run in workerd. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { formatModelPointer } from "../../shared/model-store/model-pointer.ts";

/** Not newer than the workerd of the miniflare that is here. */
const compatibilityDate = "2026-11-01";

const moduleTypes: Readonly<Record<string, "ESModule" | "CompiledWasm" | "Data">> = {
  js: "ESModule",
  wasm: "CompiledWasm",
  bin: "Data",
};

/** @returns the folder with the bundle, which is made below the other one */
export async function bundleWorker(folder: string, entry: string): Promise<string> {
  const output = join(folder, "bundle");
  const config = join(folder, "wrangler.json");
  // No rules: what the package needs of a bundler is what wrangler does unasked.
  await writeFile(
    config,
    JSON.stringify({ name: "mine", main: entry, compatibility_date: compatibilityDate }),
  );
  const wrangler = fileURLToPath(import.meta.resolve("wrangler"));
  const args = ["--no-warnings", wrangler, "deploy", "--dry-run", "--outdir", output, "--config", config];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  return output;
}

/** Runs a bundle with the bindings that consumers/worker.ts asks for. */
export async function runBundle(folder: string, entry: string): Promise<Miniflare> {
  const names = (await readdir(folder)).filter((name) => name.split(".").at(-1)! in moduleTypes);
  names.sort((left, right) => Number(right === entry) - Number(left === entry));
  const modules = await Promise.all(
    names.map(async (name) => ({
      type: moduleTypes[name.split(".").at(-1)!]!,
      path: name,
      contents: await readFile(join(folder, name)),
    })),
  );
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules,
      modulesRoot: "",
      compatibilityDate,
      bindings: { VERSION: "7" },
      r2Buckets: ["TABLES"],
      kvNamespaces: ["COLLECTIONS", "NOTES"],
      durableObjects: {
        COLLECTION: { className: "CollectionObject", useSQLite: true },
        NOTE: { className: "NoteObject", useSQLite: true },
      },
      cf: false,
    }),
  );
  await runtime.ready;
  return runtime;
}

/** Puts a model into TABLES as `nearvec upload` does. */
export async function putModel(runtime: Miniflare, name: string, file: Uint8Array): Promise<void> {
  const bucket = await runtime.getR2Bucket("TABLES");
  const sha256 = createHash("sha256").update(file).digest("hex");
  await bucket.put(artifactKey(name, sha256), file);
  await bucket.put(pointerKey(name), formatModelPointer({ sha256, bytes: file.length, previous: null }));
}
