import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxTermCharacters } from "../../shared/limits.ts";
import { termsOf, wordsOf } from "../../shared/search/text/terms.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom(..."ab9 -'.é東京タワーｶﾞ한국สวัดี", "\u0301", "\u3099", "½", "⑴", "👩‍🚀", "\ud800"),
  }),
);

describe("terms", () => {
  it.each([
    ["The horses' T-cells, and IL-2", ["horse", "t", "cell", "il", "2"]],
    ["Café ＣＡＦÉ cafe\u0301", ["café", "café", "café"]],
    ["東京タワー", ["東京", "京タ", "タワ", "ワー"]],
    ["猫 and 犬", ["猫", "犬"]],
    ["東京tower2024年", ["東京", "tower2024", "年"]],
    ["ﾄｳｷｮｳ トウキョウ", ["トウ", "ウキ", "キョ", "ョウ", "トウ", "ウキ", "キョ", "ョウ"]],
    ["ガス ｶﾞｽ カ\u3099ス", ["ガス", "ガス", "ガス"]],
    ["한국어", ["한국", "국어"]],
    ["한국어".normalize("NFD"), ["한국", "국어"]],
    ["สวัสดี", ["สวั", "วัส", "สดี"]],
    ["𠮷野家", ["𠮷野", "野家"]],
    ["½ ⑴ ㎏ x𝒳", ["12", "1", "xx"]],
    ["Straße ΟΔΟΣ Привет", ["straße", "οδος", "привет"]],
    ["", []],
    ["?! … 👩‍🚀", []],
  ])("of %j are %j", (text, terms) => {
    expect(wordsOf(text)).toEqual(terms);
  });

  it("stand in the text where they say", () => {
    const text = "Über 東京タワー: the horses";
    expect(termsOf(text).map(({ term, from, to }) => [term, text.slice(from, to)])).toEqual([
      ["über", "Über"],
      ["東京", "東京"],
      ["京タ", "京タ"],
      ["タワ", "タワ"],
      ["ワー", "ワー"],
      ["horse", "horses"],
    ]);
  });

  it("are in order, within the text, well-formed and short, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let before = 0;
        for (const { term, from, to } of termsOf(text)) {
          expect(from).toBeGreaterThanOrEqual(before);
          expect(to).toBeGreaterThan(from);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(term.isWellFormed() && term !== "" && term.length <= maxTermCharacters).toBe(true);
          before = from;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("are those of a part if the text is cut between them", () => {
    fc.assert(
      fc.property(anyText, anyText, (left, right) => {
        expect(wordsOf(`${left}\n${right}`)).toEqual([...wordsOf(left), ...wordsOf(right)]);
      }),
    );
  });

  it("of ASCII do not depend on what else is in the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
        expect(wordsOf(`${text} é`)).toEqual([...wordsOf(text), "é"]);
      }),
    );
  });

  it("of long words are their beginnings", () => {
    expect(wordsOf("x".repeat(1000))).toEqual(["x".repeat(maxTermCharacters)]);
    const [gothic] = wordsOf(`a${"𐌰".repeat(100)}`);
    expect(gothic).toBe(`a${"𐌰".repeat(31)}`);
  });
});
