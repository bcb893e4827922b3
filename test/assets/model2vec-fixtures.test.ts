/**
 * The tiny Model2Vec models of model2vec-rs, against what Python's model2vec 0.8 makes of them
 * (golden/model2vec.json, by generators/model2vec_golden.py) and the values that ship with the models.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Rows, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { readAsset, readAssetText, readAssetTokenizer } from "../support/assets.ts";

interface GoldenModel {
  normalize: boolean;
  medianTokenLength: number;
  unkTokenId: number;
  vectors: number[][];
  maxLength3: number[][];
  sequence: number[][][];
  ids?: number[][];
}
const golden: { texts: string[]; models: Record<string, GoldenModel> } = JSON.parse(
  readFileSync(new URL("golden/model2vec.json", import.meta.url), "utf8"),
);
const fixtures = "static/model2vec-rs";

/** The one tensor of a fixture, as rows that a model file can hold. */
function readRows(model: string): { rows: Rows; dimensions: number } {
  const file = readAsset(`${fixtures}/${model}/model.safetensors`);
  const headerLength = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
  const { dtype, shape, data_offsets: offsets } = header.embeddings ?? header["embedding.weight"];
  const [count, dimensions] = shape as [number, number];
  const data = file.slice(8 + headerLength + offsets[0], 8 + headerLength + offsets[1]).buffer;
  switch (dtype) {
    case "F32":
      return { rows: { type: "float32", values: new Float32Array(data) }, dimensions };
    case "F16":
      return { rows: { type: "float32", values: Float32Array.from(new Float16Array(data)) }, dimensions };
    case "I8":
      return {
        rows: { type: "int8", values: new Int8Array(data), scales: new Float32Array(count).fill(1) },
        dimensions,
      };
    default:
      throw new Error(`Unexpected ${dtype}`);
  }
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
] as const)("%s", (name, tolerance) => {
  const expected = golden.models[name]!;
  let model: StaticModel;
  beforeAll(async () => {
    const tokenizer = compileTokenizer(readAssetTokenizer(`${fixtures}/${name}`));
    model = await StaticModel.load(
      writeArtifact({
        name,
        ...readRows(name),
        tokenizer,
        normalize: expected.normalize,
        maxLength: 512,
        provenance: {},
      }),
    );
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

describe("test-model-float32", () => {
  it("has Python's token ids", async () => {
    const { rows, dimensions } = readRows("test-model-float32");
    const tokenizer = compileTokenizer(readAssetTokenizer(`${fixtures}/test-model-float32`));
    const model = await StaticModel.load(
      writeArtifact({
        name: "ids",
        rows,
        dimensions,
        tokenizer,
        normalize: true,
        maxLength: 512,
        provenance: {},
      }),
    );
    const expected = golden.models["test-model-float32"]!.ids!;
    expect(model.tokenize(golden.texts, { maxLength: 512 }).map((ids) => [...ids])).toEqual(expected);
  });

  it("gives the values that model2vec-rs ships", async () => {
    const { rows, dimensions } = readRows("test-model-float32");
    const tokenizer = compileTokenizer(readAssetTokenizer(`${fixtures}/test-model-float32`));
    const model = await StaticModel.load(
      writeArtifact({
        name: "rs",
        rows,
        dimensions,
        tokenizer,
        normalize: true,
        maxLength: 512,
        provenance: {},
      }),
    );
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
