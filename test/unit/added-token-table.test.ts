/** The table of added tokens: nothing is lost in it, and one that contradicts itself is refused. */
import { describe, expect, it } from "vitest";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { listAddedTokens } from "../../shared/tokenizer/added-token-list.ts";
import { type AddedToken, buildAddedTokenTable } from "../../shared/tokenizer/added-token-table.ts";
import type { CompiledTokenizer } from "../../shared/tokenizer/compiled-tokenizer.ts";
import {
  addedTokensEntriesWord,
  addedTokensHeadWords,
  addedTokensUnitsWord,
  unitEntryShift,
} from "../../shared/tokenizer/table-layout.ts";
import { fixedNoise, tinyModelContent, tinyTokenizerJson } from "../support/tiny-model.ts";

function token(id: number, text: string, more: Partial<AddedToken> = {}): AddedToken {
  const flags = { normalized: false, singleWord: false, stripLeft: false, stripRight: false };
  return { id, bytes: new TextEncoder().encode(text), ...flags, ...more };
}

describe("the list of a table", () => {
  it("is what the table was built of", () => {
    const noise = fixedNoise(40_000);
    const texts = new Set(["a", "aa", "a".repeat(1000), "\0", "\0\0", "a\0", "中", "中文", "中国"]);
    for (let i = 0; i < 5000; i++) {
      const part = (at: number) => Math.abs(Math.floor(noise[8 * i + at]! * 12)).toString(12);
      texts.add(
        [0, 1, 2, 3, 4, 5, 6]
          .map(part)
          .join("")
          .slice(0, 2 + (i % 6)),
      );
    }
    const tokens = [...texts].map((text, id) =>
      token(id, text, {
        normalized: id % 3 === 0,
        singleWord: id % 5 === 0,
        stripLeft: id % 7 === 0,
        stripRight: id % 11 === 0,
      }),
    );
    expect(tokens.length).toBeGreaterThan(3000);
    expect(listAddedTokens(buildAddedTokenTable(tokens))).toEqual(tokens);
  });

  it("has the first of several tokens that are looked for alike", () => {
    const tokens = [token(3, "x"), token(4, "x"), token(5, "x", { normalized: true })];
    expect(listAddedTokens(buildAddedTokenTable(tokens))).toEqual([tokens[0], tokens[2]]);
  });

  it("is empty for no tokens", () => {
    expect(listAddedTokens(buildAddedTokenTable([]))).toEqual([]);
  });
});

describe("a table that contradicts itself", () => {
  const words = ["<tag>", "<table>"];
  const json = tinyTokenizerJson({ addedTokens: words.map((content) => ({ content })) });
  const content = tinyModelContent({ tokenizer: json });
  const { tokenizer } = content;
  const withTable = (edit: (table: Uint32Array) => void): Uint8Array => {
    const table = tokenizer.tables.added_tokens.slice();
    edit(table);
    return writeArtifact({
      ...content,
      tokenizer: { ...tokenizer, tables: { ...tokenizer.tables, added_tokens: table } } as CompiledTokenizer,
    });
  };

  it.each<[string, (table: Uint32Array) => void]>([
    ["about its length", (table) => table[addedTokensUnitsWord]!++],
    ["about its entries", (table) => table[addedTokensEntriesWord]!--],
  ])("%s is refused when it is loaded", async (_, edit) => {
    await expect(StaticModel.load(withTable(edit))).rejects.toThrow(
      expect.objectContaining({ code: "artifact_invalid" }),
    );
  });

  it.each<[string, (table: Uint32Array) => void]>([
    [
      "units beyond its end",
      (table) => table.fill(0x3fff_fc00, addedTokensHeadWords, addedTokensHeadWords + 1),
    ],
    ["entries beyond its end", (table) => everyUnit(table, (unit) => unit | (0x7f_ffff << unitEntryShift))],
  ])("that names %s is refused when a text gets there", async (_, edit) => {
    const model = await StaticModel.load(withTable(edit));
    expect(() => model.tokenize("a <tag> here")).toThrow(
      expect.objectContaining({ code: "artifact_invalid" }),
    );
  });

  it("is refused when it is read back", () => {
    const circle = tokenizer.tables.added_tokens.slice();
    everyUnit(circle, (unit) => unit & 255);
    circle[addedTokensHeadWords + 60] = 60;
    expect(() => listAddedTokens(circle)).toThrow(expect.objectContaining({ code: "artifact_invalid" }));
  });

  function everyUnit(table: Uint32Array, edit: (unit: number) => number): void {
    for (let i = 0; i < table[addedTokensUnitsWord]!; i++)
      table[addedTokensHeadWords + i] = edit(table[addedTokensHeadWords + i]!);
  }
});
