/**
 * The tiny Model2Vec models of model2vec-rs, against what Python's model2vec 0.8 makes of them
 * (golden/model2vec.json, by generators/model2vec_golden.py) and the values that ship with the models.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { importModel } from "../../distill-job/import/import-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { assetPath, readAssetText } from "../support/assets.ts";

interface GoldenModel {
  normalize: boolean;
  medianTokenLength: number;
  /** None where Python pools unknown tokens like all others: for Unigram. */
  unkTokenId: number | null;
  vectors: number[][];
  maxLength3: number[][];
  sequence: number[][][];
  ids?: number[][];
}
const golden: { texts: string[]; models: Record<string, GoldenModel> } = JSON.parse(
  readFileSync(new URL("golden/model2vec.json", import.meta.url), "utf8"),
);
const fixtures = "static/model2vec-rs";

async function importFixture(model: string): Promise<StaticModel> {
  return StaticModel.load(writeArtifact(await importModel(assetPath(`${fixtures}/${model}`))));
}

function expectClose(
  got: readonly ArrayLike<number>[],
  expected: readonly number[][],
  tolerance: number,
): void {
  expect(got.length).toBe(expected.length);
  expected.forEach((vector, i) => {
    expect(got[i]!.length).toBe(vector.length);
    vector.forEach((value, j) => {
      const difference = Math.abs(got[i]![j]! - value);
      if (difference > tolerance) expect.fail(`text ${i}, dimension ${j}: ${got[i]![j]} for ${value}`);
    });
  });
}

describe.each([
  ["test-model-float32", 1e-6],
  // Python averages in half precision, three digits; nearvec in single.
  ["test-model-float16", 2e-3],
  ["test-model-int8", 1e-6],
  ["test-model-sentence-transformers", 1e-6],
  // Its weights are float64 in Python.
  ["test-model-vocab-quantized", 1e-5],
] as const)("%s", (name, tolerance) => {
  const expected = golden.models[name]!;
  let model: StaticModel;
  beforeAll(async () => {
    model = await importFixture(name);
  });

  it("keeps integers as integers, and normalizes as its config says", () => {
    expect(model.metadata.rowType).toBe(name === "test-model-int8" ? "int8" : "float32");
    expect(model.metadata.normalize).toBe(expected.normalize);
  });

  it("has Python's median token length and unknown token", () => {
    expect(model.metadata.medianTokenLength).toBe(expected.medianTokenLength);
    expect(model.metadata.unkTokenId).toBe(expected.unkTokenId);
  });

  it("encodes as Python does", () => {
    expectClose(model.encode(golden.texts), expected.vectors, tolerance);
  });

  it("truncates as Python does", () => {
    expectClose(model.encode(golden.texts, { maxLength: 3 }), expected.maxLength3, tolerance);
  });

  it("gives the rows of a sequence as Python does", () => {
    const sequences = model.encodeAsSequence(golden.texts.slice(5, 7));
    sequences.forEach((rows, i) => {
      // Python's int8 rows are the integers themselves, up to 127.
      expectClose(rows, expected.sequence[i]!, name === "test-model-int8" ? 1e-2 : tolerance);
    });
  });
});

it.each(["test-model-float32", "test-model-vocab-quantized"])("%s has Python's token ids", async (name) => {
  const model = await importFixture(name);
  const expected = golden.models[name]!.ids!;
  expect(model.tokenize(golden.texts, { maxLength: 512 }).map((ids) => [...ids])).toEqual(expected);
});

describe("test-model-float32", () => {
  it("gives the values that model2vec-rs ships", async () => {
    const model = await importFixture("test-model-float32");
    const shipped = (file: string): number[][] => JSON.parse(readAssetText(`${fixtures}/${file}`));
    expectClose([model.encode("hello world")], shipped("embeddings_short.json"), 1e-6);
    // Theirs adds a thousand rows up in another order.
    expectClose(
      [model.encode(new Array(1000).fill("hello").join(" "))],
      shipped("embeddings_long.json"),
      1e-5,
    );
  });
});

it("test-model-vocab-quantized gives the values that model2vec-rs ships", async () => {
  const model = await importFixture("test-model-vocab-quantized");
  const shipped: number[][] = JSON.parse(readAssetText(`${fixtures}/embeddings_vocab_quantized.json`));
  expectClose([model.encode("hello")], shipped, 1e-6);
  expect(model.metadata).toMatchObject({ mapped: true, tokenizer: { kind: "unigram" } });
});
