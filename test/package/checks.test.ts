/** publint and "Are the types wrong?" have nothing to say against the packed file. */
import { readFile } from "node:fs/promises";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { expect, inject, test } from "vitest";

const { tarball } = inject("installed");

test("publint finds nothing", async () => {
  const { buffer, byteOffset, byteLength } = await readFile(tarball);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const { messages } = await publint({ pack: { tarball: bytes }, strict: true });
  expect(messages).toEqual([]);
});

/** What is meant to be so, and why. */
const intended: readonly { reason: string; isThis: (problem: Problem) => boolean }[] = [
  {
    reason:
      "There is no CommonJS copy: `require` takes ES modules in Node 20.19, 22.12 and later, which a test runs.",
    isThis: ({ kind }) => kind === "CJSResolvesToESM",
  },
  {
    reason: "`moduleResolution: node10` knows no exports; TypeScript 7 has it no more.",
    isThis: (problem) => problem.kind === "NoResolution" && problem.resolutionKind === "node10",
  },
];

test("are the types wrong? No", async () => {
  const contents = createPackageFromTarballData(new Uint8Array(await readFile(tarball)));
  const result = await checkPackage(contents, { excludeEntrypoints: [/\.safetensors$/] });
  if (!result.types) throw new Error("Expected the package to have types, got none.");
  expect(Object.keys(result.entrypoints)).toEqual(
    expect.arrayContaining([
      ".",
      "./client",
      "./langchain",
      "./ai",
      "./llamaindex",
      "./pipeline",
      "./worker",
    ]),
  );
  expect(result.problems.filter((problem) => !intended.some(({ isThis }) => isThis(problem)))).toEqual([]);
});
