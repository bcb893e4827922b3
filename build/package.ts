/**
 * `npm run build:package`, which `npm pack` runs first: dist/ becomes the checkout in JavaScript, with its types.
 *
 * One file for each of the sources, in the same folders, so that what they find beside themselves is there too.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };

const root = new URL("../", import.meta.url);
const dist = new URL("dist/", root);

/** What is read at run time, and is no code. */
const files = [
  "shared/kernel/kernel.wasm",
  "shared/search/kernel/search-kernel.wasm",
  "distill-job/refine/core/core.wasm",
  ...readdirSync(new URL("models/", root)).map((name) => `models/${name}`),
];

/** wrangler and Cloudflare's plugin for Vite take a .bin as data, where .safetensors wants a rule in the user's own settings. */
const bundledModel = { file: "models/nano.safetensors", asData: "models/nano.bin" };

rmSync(dist, { recursive: true, force: true });
for (const config of ["tsconfig.json", "tsconfig.command.json", "tsconfig.worker.json"]) {
  const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));
  const path = fileURLToPath(new URL(config, import.meta.url));
  execFileSync(process.execPath, [compiler, "-p", path], { stdio: "inherit" });
}
for (const file of files) copy(file, file);
copy(bundledModel.file, bundledModel.asData);
rewrite("dist/worker/bundled-model.js", "dist/worker/bundled-model.js", (code) =>
  replaced(code, `"../${bundledModel.file}"`, `"../${bundledModel.asData}"`),
);
rewrite("wrangler.toml", "dist/wrangler.toml", (settings) =>
  replaced(
    replaced(settings, 'main = "worker/index.ts"', 'main = "worker/index.js"'),
    '"**/*.safetensors"',
    '"**/*.bin"',
  ),
);
// A bundler need not read JSON, and there is but one package.json, whose `imports` hold for all of dist/.
writeFileSync(
  new URL("worker/version.js", dist),
  `export const version = ${JSON.stringify(packageJson.version)};\n`,
);
rewrite("dist/distill-job/own-package.js", "dist/distill-job/own-package.js", (code) =>
  replaced(code, '"../package.json"', '"../../package.json"'),
);
rmSync(new URL("package.json", dist));

function copy(from: string, to: string): void {
  const target = fileURLToPath(new URL(to, dist));
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(new URL(from, root), target);
}

function rewrite(from: string, to: string, change: (text: string) => string): void {
  writeFileSync(new URL(to, root), change(readFileSync(new URL(from, root), "utf8")));
}

function replaced(text: string, old: string, by: string): string {
  const changed = text.replace(old, by);
  if (changed === text) throw new Error(`Expected ${old} in:\n${text}\ngot nothing of the kind.`);
  return changed;
}
