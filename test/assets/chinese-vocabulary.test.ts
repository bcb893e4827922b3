/** A Chinese tokenizer that knows words: those of a corpus, found as the native tokenizer finds them. */
import { beforeAll, describe, expect, it } from "vitest";
import { tokenizerAlone } from "../../distill-job/corpus/tokenizer-alone.ts";
import { countWords } from "../../distill-job/vocabulary/count-words.ts";
import {
  type PreparedVocabulary,
  prepareVocabulary,
} from "../../distill-job/vocabulary/prepare-vocabulary.ts";
import { defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import { handWrittenTexts, randomTexts } from "../parity/texts.ts";
import { readAssetText, readAssetTokenizer } from "../support/assets.ts";
import { expectSameIds } from "../support/token-ids.ts";

const lines = readAssetText("eval/stsb-multi-mt/stsb-zh-test.csv").split("\n");
const bytesOf = (table: Uint32Array) => new Uint8Array(table.buffer, table.byteOffset, table.byteLength);
const teacher = readAssetTokenizer("tokenizers/bge-small-zh");

describe.each([
  ["every word", true, { top: 56_000, minCount: 1 }],
  ["the most frequent", true, { top: 500, minCount: 2 }],
  ["words alone", false, { top: 56_000, minCount: 1 }],
])("bge-small-zh with words of a corpus: %s", (_, subwords, corpusWords) => {
  let prepared: PreparedVocabulary;
  let model: StaticModel;
  beforeAll(async () => {
    const counts = await countWords([{ texts: lines, bytes: 1, totalBytes: 1 }]);
    const settings = { tokenRemovePattern: defaultRemovePattern, subwords, corpusWords };
    prepared = await prepareVocabulary(teacher, "[PAD]", settings, counts);
    model = await tokenizerAlone(prepared.tokenizer);
  });

  it("has one row for 一个, which its teacher reads as two tokens", () => {
    for (const word of ["一个", "男人", "正在"]) {
      const ids = model.tokenize(word, { keepUnknown: true });
      expect(ids.length).toBe(1);
      expect(prepared.json.added_tokens!.find(({ id }) => id === ids[0])?.content).toBe(word);
      // [CLS], the two characters, [SEP].
      expect(prepared.sequences[ids[0]!]!.length).toBe(4);
    }
  });

  it("is the same after it has been read back", () => {
    const { tables } = compileTokenizer(decompileTokenizer(prepared.tokenizer));
    expect(
      Buffer.compare(bytesOf(tables.added_tokens), bytesOf(prepared.tokenizer.tables.added_tokens)),
    ).toBe(0);
  });

  it("agrees on every line", () => expectSameIds(prepared.json, model, lines));
  it("agrees on other Chinese, and on German", async () => {
    const others = ["stsb-zh-dev.csv", "stsb-de-test.csv"].flatMap((name) =>
      readAssetText(`eval/stsb-multi-mt/${name}`).split("\n"),
    );
    await expectSameIds(prepared.json, model, others);
  });
  it("agrees on what is no language", () =>
    expectSameIds(prepared.json, model, [...handWrittenTexts, ...randomTexts(5000, 31)]));
});

describe("the count", () => {
  it("takes words, not characters", async () => {
    const counts = await countWords([{ texts: lines, bytes: 1, totalBytes: 1 }]);
    const settings = { tokenRemovePattern: null, subwords: true, corpusWords: { top: 56_000, minCount: 1 } };
    const { fromCorpus } = await prepareVocabulary(teacher, "[PAD]", settings, counts);
    expect(fromCorpus!.phrases).toBeGreaterThan(3000);
    expect(fromCorpus!.duplicates).toBeGreaterThan(500);
    expect(fromCorpus).toMatchObject({ rare: 0, beyondTop: 0, empty: 0, removed: 0, tooLong: 0 });
  });
});
