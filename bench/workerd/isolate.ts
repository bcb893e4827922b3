/** A worker in a real workerd, bundled as wrangler would, without wrangler dev's proxy before it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

/** workerd compiles modules itself: a .wasm file is imported, not bundled. */
function wasmModules(found: Map<string, string>): Plugin {
  return {
    name: "wasm-modules",
    setup({ onResolve }) {
      onResolve({ filter: /\.wasm$/ }, ({ path, resolveDir }) => {
        const name = `./module-${found.size}.wasm`;
        found.set(name, fileURLToPath(new URL(path, `file://${resolveDir}/`)));
        return { path: name, external: true };
      });
    },
  };
}

/**
 * Starts a worker of bench/workerd.
 *
 * @param entry file name in bench/workerd
 * @param bindings buckets by binding name
 */
export async function startIsolate(
  entry: string,
  bindings: { readonly r2Buckets?: readonly string[] } = {},
): Promise<Miniflare> {
  const wasm = new Map<string, string>();
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    plugins: [wasmModules(wasm)],
    logLevel: "error",
  });
  const modules = await Promise.all(
    [...wasm].map(async ([path, file]) => ({
      type: "CompiledWasm" as const,
      path: path.slice(2),
      contents: await readFile(file),
    })),
  );
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "worker.js", contents: bundle.outputFiles[0]!.text }, ...modules],
      compatibilityDate: "2026-11-01",
      r2Buckets: [...(bindings.r2Buckets ?? [])],
      cf: false,
    }),
  );
  await miniflare.ready;
  return miniflare;
}
