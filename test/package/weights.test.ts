/** What each entry adds to a page or a worker: bundlers leave out what is not used. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, inject, test } from "vitest";

const { equipped } = inject("installed");

/** KiB at most of minified code, gzipped, without packages that are the user's own choice. */
const weights: readonly [code: string, maxKibibytes: number][] = [
  ['export { StaticModel } from "nearvec"', 40],
  ['export { NearvecClient } from "nearvec/client"', 15],
  ['export { embeddingModel } from "nearvec/ai"', 5],
  ['export { NearvecEmbeddings } from "nearvec/langchain"', 5],
  ['export { NearvecVectorStore } from "nearvec/langchain"', 10],
  ['export { NearvecEmbedding } from "nearvec/llamaindex"', 5],
  ['export { pipeline } from "nearvec/pipeline"', 6],
  ['export { NearvecError } from "nearvec"', 3],
  ['import "nearvec"', 0.1],
];

test.each(weights)("%s", async (code, maxKibibytes) => {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: equipped },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    external: ["@langchain/core", "@llamaindex/core"],
    absWorkingDir: join(equipped),
  });
  const kibibytes = gzipSync(outputFiles[0]!.contents).length / 1024;
  console.log(`${kibibytes.toFixed(1).padStart(6)} KiB  ${code}`);
  expect(kibibytes).toBeLessThan(maxKibibytes);
});
