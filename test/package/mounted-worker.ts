/** A user's own worker, bundled by wrangler as `wrangler deploy` would, and run in workerd. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
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

/** What wrangler is told of a worker: no rules, for what the package needs of a bundler it does unasked. */
export function wranglerSettings(entry: string): string {
  return JSON.stringify({ name: "mine", main: entry, compatibility_date: compatibilityDate });
}

/**
 * @param config name of wrangler's settings in the folder
 * @returns the folder with the bundle, which is made below the other one
 */
export async function bundleWorker(folder: string, config: string): Promise<string> {
  const output = join(folder, "bundle");
  const wrangler = fileURLToPath(import.meta.resolve("wrangler"));
  const args = ["--no-warnings", wrangler, "deploy", "--dry-run", "--outdir", output, "--config", config];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  return output;
}

/** What a worker is given. */
export interface WorkerBindings {
  readonly bindings?: Readonly<Record<string, string>>;
  readonly r2Buckets?: readonly string[];
  readonly kvNamespaces: readonly string[];
  /** Class names by binding name. */
  readonly durableObjects: Readonly<Record<string, string>>;
}

export async function runBundle(
  folder: string,
  entry: string,
  { bindings = {}, r2Buckets = [], kvNamespaces, durableObjects }: WorkerBindings,
): Promise<Miniflare> {
  const names = (await readdir(folder)).filter((name) => name.split(".").at(-1)! in moduleTypes);
  // The entry comes first.
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
      // As `nearvec dev` has it: on this machine, open to all.
      bindings: { ACCESS: "open", ...bindings },
      r2Buckets: [...r2Buckets],
      kvNamespaces: [...kvNamespaces],
      durableObjects: Object.fromEntries(
        Object.entries(durableObjects).map(([name, className]) => [name, { className, useSQLite: true }]),
      ),
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
