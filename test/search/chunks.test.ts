import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf } from "../../shared/search/text/chunks.ts";
import { graphemesOf } from "../../shared/search/text/graphemes.ts";
import { sentencesOf } from "../../shared/search/text/sentences.ts";

const anyText = fc.oneof(
  fc.lorem({ mode: "sentences", maxCount: 8 }),
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(
      ..."ab . !?東京。\n\r\t ",
      "\r\n",
      " \u0301",
      "e\u0301\u0302",
      "👩‍👩‍👧‍👦",
      "🇩🇪",
      "𠮷",
      "한".normalize("NFD"),
      "word ",
      "A sentence. ",
    ),
    maxLength: 200,
  }),
);
const anySettings = fc.record({
  by: fc.constantFrom("sentences" as const, "size" as const),
  maxCharacters: fc.integer({ min: 1, max: 120 }),
  overlapCharacters: fc.integer({ min: 0, max: 120 }),
});

describe("chunks", () => {
  it("cover the text, keep their size and overlap, and cut no grapheme cluster", () => {
    fc.assert(
      fc.property(anyText, anySettings, (text, settings) => {
        const chunks = chunksOf(text, settings);
        const clusters = graphemesOf(text);
        const boundaries = new Set([0, ...clusters.map(({ to }) => to)]);
        const longest = Math.max(settings.maxCharacters, ...clusters.map(({ from, to }) => to - from));
        expect(chunks[0]!.from).toBe(0);
        expect(chunks.at(-1)!.to).toBe(text.length);
        chunks.forEach(({ from, to }, i) => {
          expect(boundaries.has(from) && boundaries.has(to)).toBe(true);
          expect(to - from).toBeLessThanOrEqual(longest);
          const before = chunks[i - 1];
          if (before === undefined) return;
          expect(from).toBeGreaterThan(before.from);
          expect(to).toBeGreaterThan(before.to);
          expect(from).toBeLessThanOrEqual(before.to);
          expect(before.to - from).toBeLessThanOrEqual(settings.overlapCharacters);
        });
      }),
      { numRuns: 1000 },
    );
  });

  const pieces = (text: string, by: "sentences" | "size", maxCharacters: number, overlapCharacters: number) =>
    chunksOf(text, { by, maxCharacters, overlapCharacters }).map(({ from, to }) => text.slice(from, to));

  it("by sentences never cut one that fits", () => {
    const text = "One is here. Two is here. Three is here. Four is here.";
    expect(pieces(text, "sentences", 30, 0)).toEqual([
      "One is here. Two is here. ",
      "Three is here. Four is here.",
    ]);
    expect(pieces(text, "sentences", 30, 14)).toEqual([
      "One is here. Two is here. ",
      "Two is here. Three is here. ",
      "Four is here.",
    ]);
    expect(pieces("これは猫です。あれは犬です。", "sentences", 8, 0)).toEqual([
      "これは猫です。",
      "あれは犬です。",
    ]);
  });

  it("by size cut between words, and repeat some", () => {
    expect(pieces("one two three four five", "size", 14, 0)).toEqual(["one two three ", "four five"]);
    expect(pieces("one two three four five", "size", 14, 6)).toEqual([
      "one two three ",
      "three four ",
      "four five",
    ]);
  });

  it("cut text without spaces between characters", () => {
    expect(pieces("𠮷".repeat(50), "size", 41, 0).map(({ length }) => length)).toEqual([40, 40, 20]);
  });

  it("of a short or empty text are the text", () => {
    expect(chunksOf("", { by: "size", maxCharacters: 5, overlapCharacters: 0 })).toEqual([
      { from: 0, to: 0 },
    ]);
    expect(pieces("short", "sentences", 5, 4)).toEqual(["short"]);
  });

  it("of a long text that is not ASCII come in time linear in it", () => {
    const text = "Ein Satz über Bäume. \u0301Noch einer für dich!\u00a0".repeat(6000);
    const chunks = chunksOf(text, { by: "size", maxCharacters: 1000, overlapCharacters: 100 });
    expect(chunks.length).toBeGreaterThan(250);
  });
});

describe("sentences", () => {
  it("are the text together", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(
          sentencesOf(text)
            .map(({ from, to }) => text.slice(from, to))
            .join(""),
        ).toBe(text);
      }),
    );
  });
});
