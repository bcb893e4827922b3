/**
 * What Python makes of our exports: model2vec's StaticModel and SentenceTransformer have loaded them, and
 * their vectors (golden/python.json, by golden/make-golden.py) are ours.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { expectCloseVectors } from "./close-vectors.ts";
import { exportsForPython } from "./exports-for-python.ts";
import { noiseModel, parityTexts } from "./noise-model.ts";

interface GoldenExport {
  readonly sha256: string;
  readonly normalize: boolean;
  readonly model2vec: readonly (readonly number[])[];
  /** null where it divided zero by zero: texts without tokens, in half precision. */
  readonly sentenceTransformers: readonly (readonly number[] | null)[];
}
const golden: { texts: string[]; exports: Record<string, GoldenExport> } = JSON.parse(
  readFileSync(new URL("golden/python.json", import.meta.url), "utf8"),
);

const file = noiseModel();
let model: StaticModel;
let exports: ReturnType<typeof exportsForPython>;
beforeAll(async () => {
  model = await StaticModel.load(file);
  exports = exportsForPython(await exportedModel(file));
});

it("compares more than a hundred texts", () => {
  expect(golden.texts).toEqual(parityTexts);
  expect(golden.texts.length).toBeGreaterThan(100);
});

describe.each([
  ["model2vec-float32", 1e-6],
  ["model2vec-float16", 1e-3],
  ["model2vec-int8", 1e-4],
  ["sentence-transformers", 1e-6],
])("%s", (name, tolerance) => {
  const expected = golden.exports[name]!;

  it("is the file that Python read", () => {
    const table = Object.entries(exports[name]!).find(([path]) => path.endsWith("model.safetensors"));
    expect(createHash("sha256").update(table![1]).digest("hex")).toBe(expected.sha256);
    expect(expected.normalize).toBe(true);
  });

  it("gives model2vec our vectors", () => {
    expectCloseVectors(golden.texts, model.encode(golden.texts), expected.model2vec, tolerance);
  });

  it("gives Sentence Transformers our vectors, which it does not truncate", () => {
    const vectors = model.encode(golden.texts, { maxLength: null });
    expectCloseVectors(golden.texts, vectors, expected.sentenceTransformers, tolerance);
  });
});
