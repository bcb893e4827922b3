/** What each entry of the package drags along: frameworks only where they are asked for. */
import { readFile } from "node:fs/promises";
import { build } from "esbuild";
import { expect, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const { exports: entries, peerDependencies } = JSON.parse(await readFile(`${root}package.json`, "utf8")) as {
  exports: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** Packages that an entry may import, by its subpath. */
const allowed: Record<string, readonly string[]> = {
  "./langchain": ["@langchain/core"],
  "./llamaindex": ["@llamaindex/core"],
};

test.each(Object.entries(entries))("%s imports nothing that it does not need", async (subpath, file) => {
  const { metafile } = await build({
    entryPoints: [root + file],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    packages: "external",
    conditions: ["workerd"],
    external: ["*.wasm"],
    absWorkingDir: root,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
  const packages = imports.filter((path) => !path.startsWith("#") && !path.startsWith(".")).map(packageOf);
  expect(new Set(packages)).toEqual(new Set(allowed[subpath] ?? []));
  for (const name of packages) expect(peerDependencies).toHaveProperty([name]);
  // Clients of a worker need no kernel.
  const kernel = Object.keys(metafile.inputs).filter((path) => path.startsWith("shared/kernel/"));
  expect(kernel.length > 0).toBe(subpath === ".");
});

function packageOf(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}
