/**
 * The vocabulary-quantized model of model2vec-rs, its table alone: token ids in, against what Python's model2vec
 * 0.8 makes of them (golden/shared-rows.json, by generators/shared_rows_golden.py).
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { readStaticDirectory } from "../../distill-job/import/static-directory.ts";
import { readStaticTable } from "../../distill-job/import/static-table.ts";
import { type ArtifactContent, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { assetPath } from "../support/assets.ts";
import { tinyModelContent, tinyTokenizerJson } from "../support/tiny-model.ts";

const golden: { ids: number[][]; vectors: number[][]; sequence: number[][] } = JSON.parse(
  readFileSync(new URL("golden/shared-rows.json", import.meta.url), "utf8"),
);
const tokens = 29_524;

/** The table under a tokenizer with as many tokens. */
async function fixtureContent(): Promise<ArtifactContent> {
  const files = await readStaticDirectory(assetPath("static/model2vec-rs/test-model-vocab-quantized"));
  const { rows, dimensions, mapping } = readStaticTable(files, tokens);
  const words = Array.from({ length: tokens - 2 }, (_, i) => `w${i}`);
  const { tokenizer } = tinyModelContent({ tokenizer: tinyTokenizerJson({ words }) });
  const { normalize } = files;
  const settings = { name: "fixture", normalize, maxLength: 512, provenance: {} };
  return { ...settings, rows, dimensions, mapping: mapping!, tokenizer };
}

describe("a vocabulary quantized by model2vec", () => {
  let content: ArtifactContent;
  let model: StaticModel;
  beforeAll(async () => {
    content = await fixtureContent();
    model = await StaticModel.load(writeArtifact(content));
  });

  it("keeps its 128 rows", () => {
    expect(content.rows).toMatchObject({ type: "float32", values: { length: 128 * 64 } });
    expect(model.metadata).toMatchObject({ mapped: true, rows: 128, vocabularySize: tokens });
  });

  it("gives Python's vectors", () => {
    golden.ids.forEach((ids, text) => {
      const vector = new Float32Array(64);
      expect(model.encodeInto(ids, vector, 0)).toBe(ids.length);
      vector.forEach((value, i) => {
        expect(value).toBeCloseTo(golden.vectors[text]![i]!, 6);
      });
    });
  });

  it("gives Python's rows, token by token", () => {
    golden.ids[1]!.forEach((id, position) => {
      const vector = new Float32Array(64);
      model.encodeInto([id], vector, 0, { normalize: false });
      vector.forEach((value, i) => {
        expect(value).toBeCloseTo(golden.sequence[position]![i]!, 5);
      });
    });
  });
});
