/** Exports: what other programs read out of them is what the model says. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { writeDirectory } from "../../distill-job/export/directory-content.ts";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { model2vecDirectory } from "../../distill-job/export/model2vec-directory.ts";
import { sentenceTransformersDirectory } from "../../distill-job/export/sentence-transformers-directory.ts";
import { transformersJsDirectory } from "../../distill-job/export/transformers-js-directory.ts";
import { importModel } from "../../distill-job/import/import-model.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { oracleFor } from "../support/oracle.ts";
import { tinyModel, tinyModelContent, tinySharedRows, tinyTokenizerJson } from "../support/tiny-model.ts";

/** Half a step of 8 bits: the rows of the tiny model do not use all of them, so they are rounded again. */
const int8Tolerance = 2e-3;

const texts = [
  "the horse is running in the rain!",
  "",
  "Café, 中国",
  "nothing known",
  "a a a unknown a",
  "rain ".repeat(300),
];

function expectSameVectors(
  got: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  tolerance: number,
) {
  expect(got.length).toBe(expected.length);
  expected.forEach((vector, i) => {
    expect(got[i]!.length).toBe(vector.length);
    for (let j = 0; j < vector.length; j++) {
      const difference = Math.abs(got[i]![j]! - vector[j]!);
      if (!(difference <= tolerance)) expect.fail(`text ${i}, dimension ${j}: off by ${difference}`);
    }
  });
}

async function roundTrip(file: Uint8Array, make: typeof model2vecDirectory, rows: "float32" | "int8") {
  const directory = join(await temporaryDirectory(), "tiny");
  await writeDirectory(directory, make(await exportedModel(file), rows));
  const content = await importModel(directory);
  return { directory, content, model: await StaticModel.load(writeArtifact(content)) };
}

describe("a model exported and imported again", () => {
  it.each([
    ["Model2Vec, float32", model2vecDirectory, "float32", 1e-6],
    ["Model2Vec, int8", model2vecDirectory, "int8", int8Tolerance],
    ["Sentence Transformers", sentenceTransformersDirectory as typeof model2vecDirectory, "float32", 1e-6],
  ] as const)("%s gives the same vectors", async (_, make, rows, tolerance) => {
    for (const normalize of [true, false]) {
      const file = tinyModel({ normalize, dimensions: 20, rowType: rows });
      const { model, content } = await roundTrip(file, make, rows);
      const original = await StaticModel.load(file);
      expect(content.rows.type).toBe(rows);
      expect(model.metadata.normalize).toBe(normalize);
      expectSameVectors(model.encode(texts), original.encode(texts), tolerance);
    }
  });

  it.each(["float32", "int8"] as const)("Model2Vec, %s, lets tokens go on sharing rows", async (rows) => {
    const file = tinyModel({ dimensions: 20, rowType: rows, mapped: true, normalize: false });
    const { model, content, directory } = await roundTrip(file, model2vecDirectory, rows);
    const original = await StaticModel.load(file);
    expect(content.rows.type).toBe(rows);
    expect(content.mapping!.rows).toEqual(tinyModelContent({ mapped: true }).mapping!.rows);
    expect(model.metadata).toMatchObject({ mapped: true, rows: tinySharedRows, vocabularySize: 16 });
    const [got, expected] = [model, original].map((each) => each.encodeAsSequence("a the rain, running")) as [
      Float32Array[],
      Float32Array[],
    ];
    expected.forEach((row, i) => {
      const largest = Math.max(...row.map(Math.abs));
      // Half a step of 8 bits.
      expectSameVectors([got[i]!], [row], rows === "int8" ? largest / 250 : largest * 1e-6);
    });
    const config = JSON.parse(await readFile(join(directory, "config.json"), "utf8"));
    expect(config.vocabulary_quantization).toBe(tinySharedRows);
    expect(await readFile(join(directory, "README.md"), "utf8")).toMatch(/: 16 tokens[\s\S]*share 5 rows/);
  });

  it("Sentence Transformers gets a row for every token", async () => {
    const file = tinyModel({ dimensions: 20, rowType: "float32", mapped: true });
    const make = sentenceTransformersDirectory as typeof model2vecDirectory;
    const { model, content } = await roundTrip(file, make, "float32");
    expect(content.mapping).toBeUndefined();
    expect(model.metadata).toMatchObject({ mapped: false, rows: 16, vocabularySize: 16 });
    expectSameVectors(model.encode(texts), (await StaticModel.load(file)).encode(texts), 1e-6);
  });

  it("Model2Vec, float16, is off by its three digits", async () => {
    const file = tinyModel({ rowType: "float32" });
    const directory = join(await temporaryDirectory(), "tiny");
    await writeDirectory(directory, model2vecDirectory(await exportedModel(file), "float16"));
    const model = await StaticModel.load(writeArtifact(await importModel(directory)));
    expectSameVectors(model.encode(texts), (await StaticModel.load(file)).encode(texts), 2e-3);
  });
});

describe("a Model2Vec directory", () => {
  it("has the files that Python's save_pretrained writes", async () => {
    const { directory } = await roundTrip(tinyModel(), model2vecDirectory, "float32");
    const files = ["README.md", "config.json", "model.safetensors", "modules.json", "tokenizer.json"];
    expect((await readdir(directory)).sort()).toEqual(files);
    const config = JSON.parse(await readFile(join(directory, "config.json"), "utf8"));
    expect(config).toMatchObject({ model_type: "model2vec", normalize: true, hidden_dim: 8 });
    const card = await readFile(join(directory, "README.md"), "utf8");
    expect(card).toMatch(/^---\nlibrary_name: model2vec\nlicense: mit\n/);
  });

  it("has a tokenizer that the native library reads, with a token for every row", async () => {
    // Ids 16 to 19 have no token.
    const tokenizer = tinyTokenizerJson();
    const model = tokenizer.model as { vocab: Record<string, number> };
    const vocab = { ...model.vocab, last: 20 };
    const file = tinyModel({ tokenizer: { ...tokenizer, model: { ...model, vocab } as never } });
    const exported = await exportedModel(file);
    const used = Object.values((exported.tokenizer.model as { vocab: Record<string, number> }).vocab);
    expect(used.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, id) => id));
    const [ids] = await oracleFor(exported.tokenizer)(["the last horse, [no token 16]"]);
    expect(ids!.filter((id) => id !== 1)).toEqual([5, 20, 3, 13]);
  });
});

describe("an ONNX file for Transformers.js", () => {
  it.each([
    ["float32", "onnx/model.onnx", 1e-6],
    ["float16", "onnx/model_fp16.onnx", 2e-3],
    ["int8", "onnx/model_quantized.onnx", int8Tolerance],
  ] as const)("of %s rows gives the model's own vectors", async (rows, name, tolerance) => {
    for (const [normalize, mapped] of [
      [true, false],
      [false, false],
      [true, true],
    ] as const) {
      const rowType = rows === "int8" ? "int8" : "float32";
      const file = tinyModel({ normalize, dimensions: 20, rowType, mapped });
      const exported = await exportedModel(file);
      const directory = transformersJsDirectory(exported, rows);
      const session = await InferenceSession.create(directory[name] as Uint8Array);
      // As Transformers.js has them: unknown tokens included.
      const ids = await oracleFor(exported.tokenizer)(texts);
      const { embeddings } = await session.run(inputsOf(ids));
      const [count, dimensions] = embeddings!.dims as [number, number];
      expect([count, dimensions]).toEqual([texts.length, 20]);
      const vectors = texts.map((_, i) => (embeddings!.data as Float32Array).subarray(i * 20, i * 20 + 20));
      const model = await StaticModel.load(file);
      expectSameVectors(vectors, model.encode(texts, { maxLength: null }), tolerance);
      await session.release();
    }
  });
});

function inputsOf(ids: readonly (readonly number[])[]): Record<string, Tensor> {
  let end = 0;
  const offsets = ids.map(({ length }) => {
    end += length;
    return BigInt(end - length);
  });
  return {
    input_ids: new Tensor("int64", BigInt64Array.from(ids.flat(), BigInt), [end]),
    offsets: new Tensor("int64", BigInt64Array.from(offsets), [offsets.length]),
  };
}

describe("a directory is written whole or not at all", () => {
  it("takes an empty directory's place", async () => {
    const directory = join(await temporaryDirectory(), "new");
    await mkdir(directory);
    await writeDirectory(directory, { "a/b.txt": "b", "c.txt": "c" });
    expect(await readFile(join(directory, "a/b.txt"), "utf8")).toBe("b");
  });

  it("leaves alone what is there", async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, "mine.txt"), "mine");
    await expect(writeDirectory(directory, { "c.txt": "c" })).rejects.toThrow(/is not empty/);
    expect(await readdir(directory)).toEqual(["mine.txt"]);
  });

  it("leaves nothing behind when a file cannot be written", async () => {
    const parent = await temporaryDirectory();
    const content = { "a.txt": "a", "a.txt/b.txt": "a.txt is no directory" };
    await expect(writeDirectory(join(parent, "new"), content)).rejects.toThrow(/Nothing was written/);
    expect(await readdir(parent)).toEqual([]);
  });

  it("says that its place is missing", async () => {
    await expect(writeDirectory("no-such-place/new", {})).rejects.toThrow(/Create it first/);
  });
});
