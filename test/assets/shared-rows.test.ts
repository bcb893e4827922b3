/**
 * The vocabulary-quantized model of model2vec-rs, whose tokens share rows behind a Unigram tokenizer, against what
 * Python's model2vec 0.8 makes of it (golden/shared-rows.json, by generators/shared_rows_golden.py).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeDirectory } from "../../distill-job/export/directory-content.ts";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { model2vecDirectory } from "../../distill-job/export/model2vec-directory.ts";
import { importModel } from "../../distill-job/import/import-model.ts";
import { type ArtifactContent, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { assetPath } from "../support/assets.ts";

const golden: { ids: number[][]; vectors: number[][]; sequence: number[][] } = JSON.parse(
  readFileSync(new URL("golden/shared-rows.json", import.meta.url), "utf8"),
);

describe("a vocabulary quantized by model2vec", () => {
  let content: ArtifactContent;
  let model: StaticModel;
  beforeAll(async () => {
    content = await importModel(assetPath("static/model2vec-rs/test-model-vocab-quantized"));
    model = await StaticModel.load(writeArtifact(content));
  });

  it("keeps its 128 rows and its tokenizer", () => {
    expect(content.rows).toMatchObject({ type: "float32", values: { length: 128 * 64 } });
    expect(model.metadata).toMatchObject({ mapped: true, rows: 128, vocabularySize: 29_524 });
    expect(model.metadata.tokenizer.kind).toBe("unigram");
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

  it("exported and imported again, is the same", async () => {
    const directory = join(await temporaryDirectory(), content.name);
    await writeDirectory(
      directory,
      model2vecDirectory(await exportedModel(writeArtifact(content)), "float32"),
    );
    const { rows, mapping, tokenizer } = await importModel(directory);
    expect({ rows, mapping }).toEqual({ rows: content.rows, mapping: content.mapping });
    expect(tokenizer.tables).toEqual(content.tokenizer.tables);
  });
});
