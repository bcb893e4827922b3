/** Importing static models: every layout, number type and indirection, and what is wrong with them. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { importModel } from "../../distill-job/import/import-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { fixedNoise, tinyTokenizerJson } from "../support/tiny-model.ts";
import { type FixtureTensor, safetensors, writeFiles } from "./static-directory-fixture.ts";

const tokenizer = tinyTokenizerJson();
const tokens = 16;
const dimensions = 4;
const shape = [tokens, dimensions];
const noise = fixedNoise(tokens * dimensions);
const table: FixtureTensor = { dtype: "F32", shape, values: noise };

async function model2vec(tensors: Record<string, FixtureTensor>, config: object = { normalize: true }) {
  const directory = join(await temporaryDirectory(), "some-model");
  await writeFiles(directory, {
    "model.safetensors": safetensors(tensors),
    "config.json": config,
    "tokenizer.json": tokenizer,
  });
  return directory;
}

describe("a Model2Vec directory", () => {
  it("is imported with its rows bit by bit, its name, licence and teacher", async () => {
    const directory = await model2vec(
      { embeddings: table },
      { normalize: true, tokenizer_name: "org/teacher" },
    );
    await writeFiles(directory, { "README.md": "---\nlicense: mit\n---\n# Some model\n" });
    const content = await importModel(directory);
    expect(content.rows).toEqual({ type: "float32", values: noise });
    expect(content).toMatchObject({ name: "some-model", dimensions, normalize: true, maxLength: 512 });
    expect(content.provenance).toMatchObject({ teacher: "org/teacher", license: "mit" });
    const model = await StaticModel.load(writeArtifact(content));
    expect(model.tokenize("the horse")).toEqual(Uint32Array.of(5, 3));
  });

  it.each([
    [{ normalize: false }, false],
    [{}, false],
    [{ normalize: true }, true],
  ])("normalizes by its config: %j", async (config, normalize) => {
    const directory = await model2vec({ embeddings: table }, config);
    expect((await importModel(directory)).normalize).toBe(normalize);
  });

  it.each([
    ["F16", new Float16Array(noise), 1e-3],
    ["F64", new Float64Array(noise), 0],
  ])("may have rows of type %s", async (dtype, values, tolerance) => {
    const { rows } = await importModel(await model2vec({ embeddings: { dtype, shape, values } }));
    expect(rows.type).toBe("float32");
    noise.forEach((value, i) => {
      expect(Math.abs(rows.values[i]! - value)).toBeLessThanOrEqual(tolerance);
    });
  });

  it("keeps integers as they are, weights as their scales", async () => {
    const values = Int8Array.from(noise, (value) => Math.round(value * 127));
    const weights = Float64Array.from({ length: tokens }, (_, i) => 1 / (i + 2));
    const directory = await model2vec({
      embeddings: { dtype: "I8", shape, values },
      weights: { dtype: "F64", shape: [tokens], values: weights },
    });
    expect((await importModel(directory)).rows).toEqual({
      type: "int8",
      values,
      scales: Float32Array.from(weights),
    });
  });

  describe("whose vocabulary is quantized", () => {
    const rowOf = (token: number): number => (token * 7) % 3;
    const rows = Uint32Array.from({ length: tokens }, (_, token) => rowOf(token));
    const mapping = { dtype: "I32", shape: [tokens], values: Int32Array.from(rows) };
    const weights = Float64Array.from({ length: tokens }, (_, token) => token - 3);
    const clusters = noise.slice(0, 3 * dimensions);
    const embeddings = { dtype: "F32", shape: [3, dimensions], values: clusters };

    it.each([
      ["I32", Int32Array.from(rows)],
      ["I64", BigInt64Array.from(rows, BigInt)],
    ])("keeps its rows, mapping and weights, mapping in %s", async (dtype, values) => {
      const content = await importModel(
        await model2vec({
          embeddings,
          mapping: { dtype, shape: [tokens], values },
          weights: { dtype: "F64", shape: [tokens], values: weights },
        }),
      );
      expect(content.rows).toEqual({ type: "float32", values: clusters });
      expect(content.mapping).toEqual({ rows, weights: Float32Array.from(weights) });
      const model = await StaticModel.load(writeArtifact(content));
      const [rain] = model.encodeAsSequence("rain");
      expect(rain).toEqual(
        clusters.slice(0, dimensions).map((_, i) => clusters[rowOf(6) * dimensions + i]! * 3),
      );
    });

    it("has weights of 1 if it says none", async () => {
      const { mapping: read } = await importModel(await model2vec({ embeddings, mapping }));
      expect(read).toEqual({ rows, weights: new Float32Array(tokens).fill(1) });
    });

    it("keeps integers as they are, and stores rows of another type on request", async () => {
      const values = Int8Array.from(clusters, (value) => Math.round(value * 127));
      const integers = { dtype: "I8", shape: [3, dimensions], values };
      const directory = await model2vec({ embeddings: integers, mapping });
      const content = await importModel(directory);
      expect(content.rows).toEqual({ type: "int8", values, scales: new Float32Array(3).fill(1) });
      for (const type of ["float32", "int4"] as const) {
        const { rows: stored, mapping: kept } = await importModel(directory, { rows: type });
        expect(stored.type).toBe(type);
        expect(kept).toEqual(content.mapping);
      }
    });
  });

  it("is quantized, or made float32, on request", async () => {
    const asInt8 = await importModel(await model2vec({ embeddings: table }), { rows: "int8", name: "mine" });
    expect(asInt8.rows.type).toBe("int8");
    expect(asInt8.name).toBe("mine");
    const asInt4 = await importModel(await model2vec({ embeddings: table }), { rows: "int4" });
    expect(asInt4.rows.type).toBe("int4");
    const integers = { dtype: "I8", shape, values: new Int8Array(tokens * dimensions).fill(3) };
    const asFloat32 = await importModel(await model2vec({ embeddings: integers }), { rows: "float32" });
    expect(asFloat32.rows).toEqual({
      type: "float32",
      values: new Float32Array(tokens * dimensions).fill(3),
    });
  });
});

describe("a Sentence Transformers directory", () => {
  it.each(["", "0_StaticEmbedding/"])("is imported with its model in %j", async (place) => {
    const directory = await temporaryDirectory();
    await writeFiles(directory, {
      "config_sentence_transformers.json": { similarity_fn_name: "cosine" },
      "modules.json": [
        { idx: 0, type: "sentence_transformers.models.StaticEmbedding" },
        { idx: 1, type: "sentence_transformers.models.Normalize" },
      ],
      [`${place}model.safetensors`]: safetensors({ "embedding.weight": table }),
      [`${place}tokenizer.json`]: tokenizer,
    });
    const content = await importModel(directory);
    expect(content.rows.values).toEqual(noise);
    expect(content.normalize).toBe(true);
  });
});

describe("what cannot be imported is said", () => {
  const short = { dtype: "F32", shape: [tokens - 1, dimensions], values: noise.slice(dimensions) };
  const mappingTo = (row: number) => ({
    dtype: "I32",
    shape: [tokens],
    values: new Int32Array(tokens).fill(row),
  });
  const mapping = mappingTo(tokens);
  const shortMapping = { dtype: "I32", shape: [tokens - 1], values: new Int32Array(tokens - 1) };
  it.each<[string, Record<string, FixtureTensor>, RegExp]>([
    ["no table", { other: table }, /a tensor embeddings in .*, got none/],
    ["rows for other tokens", { embeddings: short }, /each of the 16 tokens of tokenizer.json, got 15 rows/],
    ["a mapping out of range", { embeddings: table, mapping }, /rows 0 to 15 .*, got 16/],
    ["a mapping below zero", { embeddings: table, mapping: mappingTo(-1) }, /rows 0 to 15 .*, got -1/],
    [
      "a mapping of some tokens",
      { embeddings: table, mapping: shortMapping },
      /mapping for each of the 16 tokens.*\[15\]/,
    ],
    ["rows that are no matrix", { embeddings: { ...table, shape: [64] } }, /\[rows, dimensions\].*\[64\]/],
    ["an unknown number type", { embeddings: { ...table, dtype: "F8_E4M3" } }, /F64.*got "F8_E4M3"/],
  ])("%s", async (_, tensors, message) => {
    await expect(importModel(await model2vec(tensors))).rejects.toThrow(message);
  });

  it("a file that is cut off, or is none at all", async () => {
    const directory = await model2vec({ embeddings: table });
    const whole = safetensors({ embeddings: table });
    for (const content of [whole.subarray(0, -1), whole.subarray(0, 20), "version https://git-lfs"]) {
      await writeFiles(directory, { "model.safetensors": content });
      await expect(importModel(directory)).rejects.toMatchObject({ code: "artifact_truncated" });
    }
  });

  it("a directory that is not there, or has something else", async () => {
    await expect(importModel("no-such-model")).rejects.toMatchObject({ code: "not_found" });
    await expect(importModel(await temporaryDirectory())).rejects.toThrow(/Download the whole model/);
  });
});
