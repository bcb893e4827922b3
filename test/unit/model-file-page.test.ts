/** docs/model-file.md has every field, option and tensor that a model file can have. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { parseHeader, readHeaderLength } from "../../shared/artifact/safetensors-header.ts";
import { tinyModel } from "../support/tiny-model.ts";
import { unigramTokenizerJson } from "../support/unigram-tokenizer.ts";

const root = new URL("../../", import.meta.url);
const page = await readFile(new URL("docs/model-file.md", root), "utf8");

test.each([
  ["models/base.safetensors", () => readFile(new URL("models/base.safetensors", root))],
  ["models/nano.safetensors", () => readFile(new URL("models/nano.safetensors", root))],
  ["a model with a Unigram tokenizer", async () => tinyModel({ tokenizer: unigramTokenizerJson() })],
  ["a model whose tokens share rows", async () => tinyModel({ mapped: true, rotated: true })],
])("%s", async (_, read) => {
  const file = new Uint8Array(await read());
  const { metadata, tensors } = parseHeader(file.subarray(8, 8 + readHeaderLength(file.subarray(0, 8))));
  const options = Object.keys(JSON.parse(metadata.tokenizer!)).filter((option) => option !== "kind");
  const names = [...tensors.keys()].filter((name) => !name.startsWith("padding."));
  const missing = [...Object.keys(metadata), ...options, ...names].filter(
    (name) => !page.includes(`\`${name}\``),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(missing).toEqual([]);
});
