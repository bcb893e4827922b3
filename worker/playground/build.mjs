/** Builds the playground: page/ to script, style and icon under names of their content, all in one module for the worker. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  entryPoints: { app: "page/main.ts", style: "page/style/index.css" },
  outdir: "out",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  // Where `light-dark()` and nesting are known, which the style is written in.
  target: ["chrome123", "firefox120", "safari17.5"],
  metafile: true,
  write: false,
});

/** By name: type and text. */
const files = {};
for (const { path, text } of outputFiles) {
  const name = basename(path);
  files[name] = { type: name.endsWith(".css") ? "text/css" : "text/javascript", text };
}
const icon = readFileSync(`${here}page/icon.svg`, "utf8");
const iconName = `icon-${digest(icon).slice(0, 8)}.svg`;
files[iconName] = { type: "image/svg+xml", text: icon };

/** The name that an entry was written under. */
const nameOf = (entry) => {
  const [path] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry);
  return basename(path);
};
const names = { app: nameOf("page/main.ts"), style: nameOf("page/style/index.css"), icon: iconName };
const page = readFileSync(`${here}page/index.html`, "utf8").replace(
  /\{\{(app|style|icon)\}\}/g,
  (_, file) => names[file],
);

writeFileSync(
  `${here}playground-files.generated.ts`,
  `/** worker/playground/page, bundled by \`npm run build\`. */
/** The page, with {{base}} where the path from it to the app is to stand. */
export const playgroundPage = ${JSON.stringify(page)};
export const playgroundPageDigest = ${JSON.stringify(digest(page))};
export const playgroundFiles: Readonly<Record<string, { readonly type: string; readonly text: string }>> = ${JSON.stringify(files, null, 2)};
`,
);

function digest(text) {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
