/** What each entry of the package drags along: frameworks only where they are asked for. */
import { build } from "esbuild";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { packageSources } from "../support/package-sources.ts";

const root = new URL("../..", import.meta.url).pathname;

/** Packages that an entry may import, by its subpath. */
const allowed: Record<string, readonly string[]> = {
  "./langchain": ["@langchain/core"],
  "./llamaindex": ["@llamaindex/core"],
  "./worker": ["hono", "zod", "cloudflare:workers"],
};

/** Entries that compute, or serve who does. Clients of a worker need no kernel. */
const withKernel = [".", "./worker"];

test.each(Object.entries(packageSources))(
  "%s imports nothing that it does not need",
  async (subpath, file) => {
    const { metafile } = await build({
      entryPoints: [root + file],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      packages: "external",
      conditions: ["workerd"],
      external: ["*.wasm", "*.safetensors"],
      absWorkingDir: root,
    });
    const imports = Object.values(metafile.outputs).flatMap((output) =>
      output.imports.map(({ path }) => path),
    );
    const packages = imports.filter((path) => !path.startsWith("#") && !path.startsWith(".")).map(packageOf);
    expect(new Set(packages)).toEqual(new Set(allowed[subpath] ?? []));
    const { dependencies, peerDependencies } = packageJson;
    for (const name of packages.filter((name) => name !== "cloudflare:workers")) {
      expect({ ...dependencies, ...peerDependencies }).toHaveProperty([name]);
    }
    const kernel = Object.keys(metafile.inputs).filter((path) => path.startsWith("shared/kernel/"));
    expect(kernel.length > 0).toBe(withKernel.includes(subpath));
  },
);

function packageOf(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}
