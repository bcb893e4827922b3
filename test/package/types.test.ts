/** The installed package's types, by TypeScript in each way in which it finds modules. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";

const { equipped } = inject("installed");
const compiler = fileURLToPath(new URL("bin/tsc", import.meta.resolve("typescript/package.json")));

/** Prints of tsc; nothing if it has no complaint. */
async function compile(files: readonly string[], options: Record<string, unknown>): Promise<string> {
  const config = join(equipped, `tsconfig-${crypto.randomUUID()}.json`);
  const compilerOptions = { noEmit: true, strict: true, target: "ES2022", ...options };
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  const run = promisify(execFile)(process.execPath, [compiler, "-p", config], { cwd: equipped });
  return run.then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );
}

/** Every way that TypeScript 7 has. */
const resolutions = [
  { module: "NodeNext", moduleResolution: "NodeNext" },
  { module: "Node16", moduleResolution: "Node16" },
  { module: "ESNext", moduleResolution: "Bundler" },
];

describe.each(resolutions)("$moduleResolution", (resolution) => {
  test("compiles a program that uses every entry", async () => {
    // Other packages' declarations are not ours to check.
    expect(await compile(["types.ts"], { ...resolution, types: ["node"], skipLibCheck: true })).toBe("");
  });

  test("compiles a worker, and every declaration that it takes in", async () => {
    const libraries = { lib: ["ES2024", "ESNext.Disposable"], types: ["@cloudflare/workers-types"] };
    expect(await compile(["worker.ts"], { ...resolution, ...libraries })).toBe("");
  });
});

test("declares what is in no way a browser's or Node's own for browsers", async () => {
  await writeFile(
    join(equipped, "browser-types.ts"),
    `import { StaticModel } from "nearvec";
     import { NearvecClient } from "nearvec/client";
     import { embeddingModel } from "nearvec/ai";
     import { pipeline } from "nearvec/pipeline";
     export const model = StaticModel.load((await fetch("model")).body!);
     export const rest = [NearvecClient, embeddingModel, pipeline];`,
  );
  const options = { module: "ESNext", moduleResolution: "Bundler", lib: ["ES2022", "DOM"], types: [] };
  expect(await compile(["browser-types.ts"], options)).toBe("");
});

test("is required from CommonJS, too", async () => {
  await writeFile(
    join(equipped, "common.cts"),
    'import nearvec = require("nearvec");\nnearvec.StaticModel satisfies object;\n',
  );
  const options = { module: "NodeNext", moduleResolution: "NodeNext", types: [], skipLibCheck: true };
  expect(await compile(["common.cts"], options)).toBe("");
});
