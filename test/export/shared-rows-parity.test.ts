/**
 * What Python's model2vec makes of exports of a model whose tokens share rows: it has loaded them, and its
 * vectors (golden/python-shared.json, by golden/make-shared-golden.py) are ours.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { expectCloseVectors } from "./close-vectors.ts";
import { exportsForPython } from "./exports-for-python.ts";
import { parityTexts, sharedNoiseModel } from "./noise-model.ts";

interface GoldenExport {
  readonly sha256: string;
  /** Clusters, as Python counts them. */
  readonly vocabularyQuantization: number | null;
  /** config.json as Python saves it again. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly mappingType: string | null;
  readonly weightsType: string | null;
  readonly vectors: readonly (readonly number[])[];
}
const golden: { texts: string[]; exports: Record<string, GoldenExport> } = JSON.parse(
  readFileSync(new URL("golden/python-shared.json", import.meta.url), "utf8"),
);

const file = sharedNoiseModel();
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
  ["model2vec-float32", 500, 1e-6],
  ["model2vec-float16", 500, 1e-3],
  ["model2vec-int8", 500, 1e-4],
  ["sentence-transformers", null, 1e-6],
])("%s", (name, clusters, tolerance) => {
  const expected = golden.exports[name]!;

  it("is the file that Python read, and what it would have written", () => {
    const contentOf = (ending: string): string | Uint8Array =>
      Object.entries(exports[name]!).find(([path]) => path.endsWith(ending))![1];
    const table = contentOf("model.safetensors");
    expect(createHash("sha256").update(table).digest("hex")).toBe(expected.sha256);
    expect(expected.vocabularyQuantization).toBe(clusters);
    expect(expected.mappingType).toBe(clusters === null ? null : "int32");
    expect(expected.weightsType).toBe(clusters === null ? null : "float64");
    if (clusters !== null) expect(JSON.parse(contentOf("config.json") as string)).toEqual(expected.config);
  });

  it("gives model2vec our vectors", () => {
    expectCloseVectors(golden.texts, model.encode(golden.texts), expected.vectors, tolerance);
  });
});
