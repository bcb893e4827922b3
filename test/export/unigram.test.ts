/** Exports of a model with a Unigram tokenizer: what other programs read is what the model says. */
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { writeDirectory } from "../../distill-job/export/directory-content.ts";
import { exportedModel } from "../../distill-job/export/exported-model.ts";
import { model2vecDirectory } from "../../distill-job/export/model2vec-directory.ts";
import { transformersJsDirectory } from "../../distill-job/export/transformers-js-directory.ts";
import { importModel } from "../../distill-job/import/import-model.ts";
import { refine } from "../../distill-job/refine/refine.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { oracleFor } from "../support/oracle.ts";
import { tinyModel } from "../support/tiny-model.ts";
import { unigramTokenizerJson } from "../support/unigram-tokenizer.ts";

const texts = ["a horse in the rain!", "", "Café, 中国", "漢字 nothing known 漢", "rain ".repeat(30)];
const tokenizer = unigramTokenizerJson({ addedTokens: [{ content: "<b>" }] });

function expectSameVectors(got: readonly Float32Array[], expected: readonly Float32Array[]): void {
  got.forEach((vector, text) => {
    vector.forEach((value, i) => {
      if (!(Math.abs(value - expected[text]![i]!) <= 1e-6)) expect.fail(`text ${text}, dimension ${i}`);
    });
  });
}

describe("a model with a Unigram tokenizer", () => {
  it.each([
    ["of their own", false],
    ["that they share", true],
  ])("and rows %s gives the same vectors exported to Model2Vec and imported again", async (_, mapped) => {
    const file = tinyModel({ tokenizer, rowType: "float32", mapped });
    const directory = join(await temporaryDirectory(), "tiny");
    await writeDirectory(directory, model2vecDirectory(await exportedModel(file), "float32"));
    const model = await StaticModel.load(writeArtifact(await importModel(directory)));
    expectSameVectors(model.encode(texts), (await StaticModel.load(file)).encode(texts));
    expect(model.metadata).toMatchObject({ unkTokenId: null, mapped });
  });

  it("keeps the unknown token's row, and has a token for rows beyond the vocabulary", async () => {
    const spare = {
      ...tokenizer,
      added_tokens: tokenizer.added_tokens!.map((token) => ({ ...token, id: token.id * 2 })),
    };
    const exported = await exportedModel(tinyModel({ tokenizer: spare, rowType: "float32", dimensions: 8 }));
    expect(exported.rows.subarray(0, 8).some((value) => value !== 0)).toBe(true);
    const { vocab } = exported.tokenizer.model as { vocab: [string, number][] };
    // 40 tokens, and the added one is number 80.
    expect(vocab).toHaveLength(80);
    const [ids] = await oracleFor(exported.tokenizer)(["rain<b>[no token 50]"]);
    expect(ids).toContain(80);
    expect(ids!.filter((id) => id >= 40)).toEqual([80]);
  });

  it("counts unknown tokens in ONNX as everywhere", async () => {
    const file = tinyModel({ tokenizer, rowType: "float32", dimensions: 20 });
    const exported = await exportedModel(file);
    const directory = transformersJsDirectory(exported, "float32");
    expect(JSON.parse(directory["tokenizer_config.json"] as string)).toMatchObject({
      tokenizer_class: "PreTrainedTokenizer",
      unk_token: "<unk>",
    });
    const session = await InferenceSession.create(directory["onnx/model.onnx"] as Uint8Array);
    const ids = await oracleFor(exported.tokenizer)(texts);
    expect(ids.flat()).toContain(0);
    let end = 0;
    const offsets = ids.map(({ length }) => {
      end += length;
      return BigInt(end - length);
    });
    const { embeddings } = await session.run({
      input_ids: new Tensor("int64", BigInt64Array.from(ids.flat(), BigInt), [end]),
      offsets: new Tensor("int64", BigInt64Array.from(offsets), [offsets.length]),
    });
    const vectors = texts.map((_, i) => (embeddings!.data as Float32Array).subarray(i * 20, i * 20 + 20));
    expectSameVectors(vectors, (await StaticModel.load(file)).encode(texts));
    await session.release();
  });

  it("is not refined, which says why", async () => {
    const teachers = [{ directory: "none", weight: 1, pooling: "mean" }] as const;
    await expect(refine(tinyModel({ tokenizer }), texts, { teachers })).rejects.toMatchObject({
      code: "tokenizer_unsupported",
      message: expect.stringContaining("unigram"),
    });
  });
});
