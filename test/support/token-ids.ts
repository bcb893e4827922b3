/** Compares the kernel's token ids with the native tokenizer's. */
import { expect } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import { oracleFor } from "./oracle.ts";

/** A model that has the tokenizer and nothing else of use. */
export async function modelOfTokenizer(json: TokenizerJson): Promise<StaticModel> {
  const tokenizer = compileTokenizer(json);
  const values = new Int8Array(tokenizer.vocabularySize);
  const scales = new Float32Array(tokenizer.vocabularySize);
  return StaticModel.load(
    writeArtifact({
      name: "tokenizer",
      rows: { type: "int8", values, scales },
      dimensions: 1,
      tokenizer,
      normalize: false,
      maxLength: 512,
      provenance: {},
    }),
  );
}

/** Fails on the first text on which the two disagree, with unknown tokens and without. */
export async function expectSameIds(
  json: TokenizerJson,
  model: StaticModel,
  texts: readonly string[],
): Promise<void> {
  const expected = await oracleFor(json)(texts);
  const unknown = model.metadata.unkTokenId;
  for (const [i, text] of texts.entries()) {
    const ids = expected[i]!;
    const got = [...model.tokenize(text, { keepUnknown: true })];
    if (ids.join() !== got.join()) expect({ text, ids: got }).toEqual({ text, ids });
    const known = ids.filter((id) => id !== unknown).join();
    if ([...model.tokenize(text)].join() !== known) expect.fail(`unknown tokens of ${JSON.stringify(text)}`);
  }
  expect(expected.flat().length).toBeGreaterThan(texts.length);
}
