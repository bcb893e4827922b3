/** A worker in a real workerd, bundled as wrangler would, without wrangler dev's proxy before it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

/** What is imported, not bundled, as `rules` in wrangler.toml has it: workerd compiles modules itself. */
const moduleTypes = { wasm: "CompiledWasm", safetensors: "Data" } as const;

/** Leaves such imports in the bundle, and notes which file each is of. */
function importedFiles(found: Map<string, string>): Plugin {
  return {
    name: "imported-files",
    setup({ onResolve }) {
      onResolve({ filter: /\.(?:wasm|safetensors)$/ }, ({ path, resolveDir }) => {
        const name = `./module-${found.size}.${extensionOf(path)}`;
        found.set(name, fileURLToPath(new URL(path, `file://${resolveDir}/`)));
        return { path: name, external: true };
      });
    },
  };
}

function extensionOf(path: string): keyof typeof moduleTypes {
  return path.endsWith(".wasm") ? "wasm" : "safetensors";
}

/** What a worker is given. */
export interface IsolateBindings {
  readonly r2Buckets?: readonly string[];
  readonly kvNamespaces?: readonly string[];
  /** Class names of Durable Objects with SQLite, by binding name. */
  readonly durableObjects?: Readonly<Record<string, string>>;
  /** Texts, by binding name. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Counts that the platform keeps, by binding name. */
  readonly rateLimits?: Readonly<Record<string, { readonly limit: number; readonly period: 10 | 60 }>>;
  /** Where all of it is kept; in memory if not given. */
  readonly stateFolder?: string;
  /** Whether the isolate can be looked into, by `Miniflare.getInspectorURL`. */
  readonly inspected?: boolean;
}

/**
 * Starts a worker of bench/workerd.
 *
 * @param entry file name in bench/workerd
 */
export async function startIsolate(entry: string, bindings: IsolateBindings = {}): Promise<Miniflare> {
  const imported = new Map<string, string>();
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    plugins: [importedFiles(imported)],
    logLevel: "error",
  });
  const modules = await Promise.all(
    [...imported].map(async ([path, file]) => ({
      type: moduleTypes[extensionOf(path)],
      path: path.slice(2),
      contents: await readFile(file),
    })),
  );
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: bundle.outputFiles[0]!.text }, ...modules],
      compatibilityDate: "2026-11-01",
      r2Buckets: [...(bindings.r2Buckets ?? [])],
      kvNamespaces: [...(bindings.kvNamespaces ?? [])],
      bindings: { ...bindings.variables },
      ratelimits: Object.fromEntries(
        Object.entries(bindings.rateLimits ?? {}).map(([name, simple]) => [
          name,
          { simple, namespace_id: name },
        ]),
      ),
      durableObjects: Object.fromEntries(
        Object.entries(bindings.durableObjects ?? {}).map(([name, className]) => [
          name,
          { className, useSQLite: true },
        ]),
      ),
      ...(bindings.stateFolder === undefined ? {} : { resourcePersistencePath: bindings.stateFolder }),
      ...(bindings.inspected === true ? { inspectorPort: 0 } : {}),
      // Past the loopback server that counts and prints requests.
      unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
      cf: false,
    }),
  );
  await miniflare.ready;
  return miniflare;
}

/** Where a worker takes requests without anything before it, e.g. `http://127.0.0.1:40123`. */
export async function directUrl(isolate: Miniflare): Promise<string> {
  return (await isolate.unsafeGetDirectURL()).origin;
}
