import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { defaultTeacherDirectory } from "../../distill-job/default-model/plain-distillation.ts";
import { cleanTokenizer, teacherSequences } from "../../distill-job/vocabulary/clean-tokenizer.ts";
import { compileRemovePattern, defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";
import { surroundingTokens } from "../../distill-job/vocabulary/special-tokens.ts";
import type { TokenizerJson } from "../../shared/tokenizer/tokenizer-json.ts";
import cases from "./golden/clean-tokenizers.json" with { type: "json" };
import { tinyTeacher } from "./tiny-teacher.ts";

const assets = fileURLToPath(new URL("../../../shared/assets/tokenizers", import.meta.url));
const folders: Record<string, string> = {
  "tiny-teacher": tinyTeacher,
  "all-MiniLM-L6-v2": defaultTeacherDirectory,
};

function readTokenizer(folder: string): TokenizerJson {
  return JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8"));
}

function sha256(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

const tiny = readTokenizer(tinyTeacher);
const unused = compileRemovePattern(defaultRemovePattern);

describe("cleaning leaves what skeletoken leaves", () => {
  for (const golden of cases) {
    const folder = folders[golden.name] ?? join(assets, golden.name);
    const title = `${golden.name}, padding ${golden.padToken}, without ${golden.pattern}`;
    test.skipIf(!existsSync(folder))(title, () => {
      const removePattern = golden.pattern === null ? null : compileRemovePattern(golden.pattern);
      const clean = cleanTokenizer(readTokenizer(folder), {
        padToken: golden.padToken ?? undefined,
        removePattern,
      });
      expect(clean.tokens.length).toBe(golden.count);
      expect(clean.tokens.slice(0, 6)).toEqual(golden.first);
      expect(clean.tokens.slice(-3)).toEqual(golden.last);
      expect(sha256(clean.tokens)).toBe(golden.tokensSha256);
      expect(clean.json.added_tokens?.map(({ id, content }) => [id, content])).toEqual(golden.addedTokens);
      const sequences = teacherSequences(clean);
      expect(sequences[0]).toEqual(golden.firstSequence);
      expect(sha256(sequences.map((sequence) => sequence.join(" ")))).toBe(golden.sequencesSha256);
      expect(clean.tokens.indexOf("[UNK]")).toBe(golden.unkId);
    });
  }
});

test("the new tokenizer.json has the tokens' rows as ids, and nothing that adds, cuts or pads", () => {
  const padded = {
    ...tiny,
    padding: { strategy: { Fixed: 128 }, pad_token: "[PAD]" },
    truncation: { max_length: 8 },
  };
  const { json, tokens } = cleanTokenizer(padded, { removePattern: unused });
  expect(json).toMatchObject({ padding: null, truncation: null, post_processor: null });
  expect(json.model).toMatchObject({
    type: "WordPiece",
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
  });
  expect(tokens).toContain("[PAD]");
});

test("words that look like numbers keep their place among the rows", () => {
  const { tokens } = cleanTokenizer(tiny, { removePattern: unused });
  expect(tokens.slice(-4)).toEqual(["国", "café", "1999", "7"]);
});

test("a pattern drops what it matches from the start on, and never the unknown token", () => {
  const clean = (pattern: string) =>
    cleanTokenizer(tiny, { removePattern: compileRemovePattern(pattern) }).tokens;
  expect(clean("orse")).toContain("horse");
  expect(clean("hor")).not.toContain("horse");
  expect(clean(String.raw`\[`)).toContain("[UNK]");
});

test("bos and eos come from every kind of post-processor", () => {
  const none = { before: [], after: [] };
  expect(surroundingTokens(null)).toEqual(none);
  expect(surroundingTokens({ type: "ByteLevel" })).toEqual(none);
  expect(surroundingTokens({ type: "RobertaProcessing", cls: ["<s>", 0], sep: ["</s>", 2] })).toEqual({
    before: ["<s>"],
    after: ["</s>"],
  });
  const template = {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
    special_tokens: { "</s>": { id: "</s>", ids: [1], tokens: ["</s>"] } },
  };
  expect(surroundingTokens(template)).toEqual({ before: [], after: ["</s>"] });
});

describe("what cannot be cleaned is said", () => {
  test.each([
    ["a model of another kind", { ...tiny, model: { type: "Unigram" } }, /type WordPiece, got Unigram/],
    ["a strange post-processor", { ...tiny, post_processor: { type: "Odd" } }, /got "Odd"/],
  ])("%s", (_, json, message) => {
    expect(() => cleanTokenizer(json as TokenizerJson, { removePattern: null })).toThrow(message);
  });

  test("a pattern that takes everything, and one that is none", () => {
    const all = () => cleanTokenizer(tiny, { removePattern: compileRemovePattern("") });
    expect(all).toThrow("got none. Narrow the token remove pattern");
    expect(() => compileRemovePattern("[")).toThrow(/Expected a regular expression/);
  });
});
