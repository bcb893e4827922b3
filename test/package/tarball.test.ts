/** What is in the packed file, and what is not. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, inject, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import scope from "../../shared/package.json" with { type: "json" };
import { packageSources } from "../support/package-sources.ts";

const { tarball, alone } = inject("installed");
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(alone, "node_modules/nearvec");
const maxTarballBytes = 15e6;
let files: string[];
let texts: Map<string, string>;

beforeAll(async () => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const readable = files.filter((path) => /\.(js|ts|json|toml|md)$/.test(path));
  texts = new Map(
    await Promise.all(
      readable.map(async (path) => [path, await readFile(join(folder, path), "utf8")] as const),
    ),
  );
});

test("is no larger than two models make it", async () => {
  expect((await stat(tarball)).size).toBeLessThan(maxTarballBytes);
});

test("holds the README, the licence, the command and dist/, and of dist/ only what runs", () => {
  const outside = files.filter((path) => !path.startsWith("dist/"));
  expect(outside.sort()).toEqual(["LICENSE", "README.md", "README.zh.md", "bin/nearvec.js", "package.json"]);
  const folders = new Set(files.map((path) => /^dist\/([^/]+)/.exec(path)?.[1]));
  expect(folders).toEqual(
    new Set([undefined, "client", "distill-job", "models", "shared", "worker", "wrangler.toml"]),
  );
  const kinds = new Set(files.map((path) => /(\.d)?\.\w+$/.exec(path)?.[0]));
  expect(kinds).toEqual(
    new Set([undefined, ".bin", ".d.ts", ".js", ".json", ".md", ".safetensors", ".toml", ".wasm"]),
  );
  expect(files.filter((path) => /\.test\.|golden|assembly|make-models/.test(path))).toEqual([]);
});

test("names no place on this machine", () => {
  for (const place of [root, homedir(), tarball]) {
    expect([...texts].filter(([, text]) => text.includes(`${place.replace(/\/$/, "")}/`))).toEqual([]);
  }
});

test("has every file that its entries name, but for the sources of a checkout", () => {
  const targets = [packageJson.exports, packageJson.imports]
    .flatMap((entries) => Object.values<string | Readonly<Record<string, string>>>(entries))
    .flatMap((target) => (typeof target === "string" ? [["default", target]] : Object.entries(target)))
    .filter(([condition]) => condition !== "nearvec-source")
    .map(([, target]) => target!)
    .concat(packageJson.bin.nearvec);
  expect(targets.length).toBeGreaterThan(12);
  expect(targets.filter((target) => !existsSync(join(folder, target)))).toEqual([]);
});

test("is made of the checkout's sources, entry by entry, with the kernels that the checkout has", () => {
  const { exports: entries } = packageJson;
  for (const [subpath, source] of Object.entries(packageSources)) {
    const target = JSON.stringify(entries[subpath as keyof typeof entries]);
    expect(target).toContain(`"./dist/${source.replace(/ts$/, "js")}"`);
    expect(existsSync(join(root, source))).toBe(true);
  }
  const moved = (target: string) => target.replace(/^\.\//, "./dist/shared/").replace(/\.ts$/, ".js");
  const ofCheckout = Object.entries(scope.imports).map(([name, conditions]) => [
    name,
    Object.fromEntries(Object.entries(conditions).map(([condition, target]) => [condition, moved(target)])),
  ]);
  expect(packageJson.imports).toEqual(Object.fromEntries(ofCheckout));
});

describe("every file", () => {
  test("has the files that it imports", () => {
    const missing: string[] = [];
    for (const [path, text] of texts) {
      if (!path.endsWith(".js")) continue;
      for (const [, target] of text.matchAll(/\b(?:from|import)\s*\(?"(\.[^"]+)"/g)) {
        if (!existsSync(join(folder, dirname(path), target!))) missing.push(`${path}: ${target}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test("has the scripts that it starts in threads and processes", () => {
    const scripts: string[] = [];
    for (const [path, text] of texts) {
      // Where it is called otherwise, nothing would have turned the name into that of the JavaScript.
      if (path.startsWith("dist/"))
        expect(text, path).not.toMatch(/new URL\("[^"]+\.ts", import\.meta\.url\)/);
      for (const [, name] of text.matchAll(/scriptBeside\(import\.meta\.url, "([^"]+)"\)/g)) {
        if (path.endsWith("script-beside.js")) continue;
        scripts.push(name!);
        expect(existsSync(join(folder, dirname(path), `${name}.js`)), `${name} beside ${path}`).toBe(true);
      }
    }
    expect(new Set(scripts).size).toBeGreaterThanOrEqual(5);
  });

  test("is of packages that are installed with it, or that it can do without", () => {
    const declared = new Set(Object.keys({ ...packageJson.dependencies, ...packageJson.peerDependencies }));
    const imported = new Set<string>();
    for (const [path, text] of texts) {
      if (!path.endsWith(".js")) continue;
      for (const [, name] of text.matchAll(
        /^import [^;]*? from "([^."#][^"]*)";|\bimport\("([^."#][^"]*)"\)/gm,
      )) {
        if (name !== undefined && !/^(node|cloudflare):/.test(name)) imported.add(packageOf(name));
      }
    }
    expect([...imported].filter((name) => !declared.has(name))).toEqual([]);
    expect(imported.size).toBeGreaterThan(5);
  });
});

function packageOf(path: string): string {
  return path.split("/", path.startsWith("@") ? 2 : 1).join("/");
}
