import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Snippet, snippetOf } from "../../shared/search/text/snippet.ts";
import { termsOf, wordsOf } from "../../shared/search/text/terms.ts";

const queryOf = (query: string): Map<string, number> => new Map(wordsOf(query).map((term) => [term, 1]));
const marked = ({ text, matches }: Snippet): string[] => matches.map(({ from, to }) => text.slice(from, to));

describe("a snippet", () => {
  const filler = "Nothing of interest is said in this sentence. ".repeat(20);

  it("shows the passage with the most different terms", () => {
    const text = `${filler}A horse, a horse. ${filler}The horses stood in the rain. ${filler}`;
    const snippet = snippetOf(text, queryOf("horse rain"), 60);
    expect(marked(snippet)).toEqual(["horses", "rain"]);
    expect(snippet.text).toMatch(/^….*The horses stood in the rain\..*…$/);
    expect(snippet.text.length).toBeLessThanOrEqual(62);
  });

  it("prefers rarer terms", () => {
    const text = `${filler}A horse there. ${filler}Some rain here. ${filler}`;
    const weights = new Map([
      ["horse", 1],
      ["rain", 3],
    ]);
    expect(marked(snippetOf(text, weights, 40))).toEqual(["rain"]);
  });

  it("begins and ends between words where there are any", () => {
    const { text } = snippetOf(`${filler}The horse. ${filler}`, queryOf("horse"), 50);
    const words = new Set(`${filler}The horse.`.split(" "));
    for (const word of text.slice(1, -1).split(" ")) expect(words).toContain(word);
  });

  it("is the beginning if no term is in the text, and the whole of a short one", () => {
    expect(snippetOf("One two three", queryOf("four"), 8)).toEqual({
      text: "One two…",
      from: 0,
      to: 7,
      matches: [],
    });
    expect(snippetOf("One two", queryOf("two"), 50)).toEqual({
      text: "One two",
      from: 0,
      to: 7,
      matches: [{ from: 4, to: 7, textFrom: 4, textTo: 7 }],
    });
    expect(snippetOf("", queryOf("two"), 50).text).toBe("");
  });

  it("joins neighbouring bigrams to one match", () => {
    const text = `${"吾輩は猫である。".repeat(30)}東京タワーに登る。${"名前はまだ無い。".repeat(30)}`;
    const snippet = snippetOf(text, queryOf("東京タワー"), 40);
    expect(marked(snippet)).toEqual(["東京タワー"]);
    expect(snippet.to - snippet.from).toBeLessThanOrEqual(40);
  });

  it("looks only within the entry that was found", () => {
    const text = "The horse here. And a horse there.";
    const snippet = snippetOf(text, queryOf("horse"), 100, { from: 16, to: text.length });
    expect(snippet).toEqual({
      text: "…And a horse there.",
      from: 16,
      to: 34,
      matches: [{ from: 7, to: 12, textFrom: 22, textTo: 27 }],
    });
  });

  it("shows a term that fits rather than the beginning of one that does not", () => {
    const snippet = snippetOf("e\u0301京", queryOf("京e\u0301"), 1);
    expect(snippet).toEqual({
      text: "…京",
      from: 2,
      to: 3,
      matches: [{ from: 1, to: 2, textFrom: 2, textTo: 3 }],
    });
  });

  it("says of every match where it is, in the snippet and in the text", () => {
    const unit = fc.constantFrom(
      ..."ab 東京。 ",
      "horse ",
      "e\u0301",
      "👩‍🚀",
      "𠮷",
      "\r\n",
      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    );
    fc.assert(
      fc.property(
        fc.string({ unit, maxLength: 80 }),
        fc.string({ unit, maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        (text, query, maxCharacters) => {
          const terms = queryOf(query);
          const snippet = snippetOf(text, terms, maxCharacters);
          const passage = text.slice(snippet.from, snippet.to);
          expect(passage.length).toBeLessThanOrEqual(maxCharacters);
          expect(passage.isWellFormed()).toBe(true);
          expect(snippet.text).toBe(
            `${snippet.from > 0 ? "…" : ""}${passage}${snippet.to < text.length ? "…" : ""}`,
          );
          let before = -1;
          for (const { from, to, textFrom, textTo } of snippet.matches) {
            expect(snippet.text.slice(from, to)).toBe(text.slice(textFrom, textTo));
            expect(from).toBeGreaterThan(before);
            expect(to).toBeGreaterThan(from);
            before = to;
          }
          const possible = termsOf(text).some(
            ({ term, from, to }) => terms.has(term) && to - from <= maxCharacters,
          );
          if (possible) expect(snippet.matches.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
