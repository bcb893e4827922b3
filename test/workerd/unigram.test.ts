/** The worker serves a model with a Unigram tokenizer as it serves any other. */
import { beforeEach, expect, test } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { createApp } from "../../worker/app.ts";
import { asFloat32 } from "../support/as-float32.ts";
import { makeCharsmapText } from "../support/charsmap.ts";
import { tinyModelContent } from "../support/tiny-model.ts";
import { splitAtWhitespace, unigramTokenizerJson } from "../support/unigram-tokenizer.ts";
import { embed, putModel } from "./model-fixtures.ts";

const app = createApp();
const precompiled_charsmap = makeCharsmapText({ ﬁ: "fi", "\t": " ", A: "a", "e\u0301": "e" });
const json = unigramTokenizerJson({
  normalizer: { type: "Precompiled", precompiled_charsmap },
  preTokenizer: splitAtWhitespace,
});
const { vocab } = json.model as { vocab: [string, number][] };
const artifact = writeArtifact(tinyModelContent({ tokenizer: json, name: "unigram" }));

beforeEach(async () => {
  await putModel("unigram", artifact);
});

async function answer(input: unknown) {
  const response = await embed(app, { input, model: "unigram" }, { defaultModel: "unigram" });
  expect(response.status).toBe(200);
  return (await response.json()) as { data: { embedding: number[] }[]; usage: { prompt_tokens: number } };
}

test("a text has the vector of its tokens, the unknown one among them", async () => {
  const tokens = ["▁a", "▁horse", "▁in", "▁cafe", "▁", "<unk>", "▁", "f", "i"];
  const ids = tokens.map((token) => vocab.findIndex(([each]) => each === token));
  const { data, usage } = await answer("A horse\tin cafe\u0301 漢字 ﬁ");
  expect(usage.prompt_tokens).toBe(tokens.length);
  expect(data).toEqual((await answer(ids)).data);
  const model = await StaticModel.load(artifact);
  expect(asFloat32(data[0]!.embedding)).toEqual([...model.encode("A horse\tin cafe\u0301 漢字 ﬁ")]);
  expect(data[0]!.embedding.some((value) => value !== 0)).toBe(true);
});
