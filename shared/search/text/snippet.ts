/** The passage of a text that shows best why it was found. */
import { GraphemeBoundaries } from "./graphemes.ts";
import { forEachTerm } from "./terms.ts";
import type { TextRange } from "./text-range.ts";

/** Where the snippet leaves text out. */
const ellipsis = "…";

/** How much a term counts each time that it comes again in the same passage. */
const repetitionWeight = 0.1;

/** UTF-16 units that a passage gives up at either end, so as not to begin or end within a word. */
const wordSearchCharacters = 24;

export interface SnippetMatch extends TextRange {
  /** The same place in the whole text, UTF-16 units. */
  readonly textFrom: number;
  readonly textTo: number;
}

export interface Snippet {
  /** The passage, with an ellipsis wherever text was left out. */
  readonly text: string;
  /** The passage in the whole text, UTF-16 units. */
  readonly from: number;
  readonly to: number;
  /** Where terms of the query are: `from` and `to` in the snippet's own text. Ascending, none touching another. */
  readonly matches: readonly SnippetMatch[];
}

interface Occurrence extends TextRange {
  readonly term: string;
}

/**
 * Cuts the passage of at most `maxCharacters` UTF-16 units that holds the most weight of different query terms; the
 * text's beginning if it holds none.
 *
 * @param terms terms of the query, as `termsOf` gives them, with what each counts: its rarity, or 1
 * @param within where in the text to look: the entry that was found; all of it if not given
 *
 * @example
 * ```ts
 * snippetOf("A horse in the rain.", new Map([["rain", 1]]), 12);
 * // { text: "…in the rain.", from: 8, to: 20, matches: [{ from: 8, to: 12, textFrom: 15, textTo: 19 }] }
 * ```
 */
export function snippetOf(
  text: string,
  terms: ReadonlyMap<string, number>,
  maxCharacters: number,
  within: TextRange = { from: 0, to: text.length },
): Snippet {
  const found: Occurrence[] = [];
  forEachTerm(text.slice(within.from, within.to), (term, from, to) => {
    if (terms.has(term)) found.push({ term, from: within.from + from, to: within.from + to });
  });
  // What is longer than the passage would be cut off, and something else may be there that is not.
  const fitting = found.filter(({ from, to }) => to - from <= maxCharacters);
  const stretch = bestStretch(fitting.length > 0 ? fitting : found, terms, maxCharacters, within);
  const passage = placePassage(text, stretch, maxCharacters, within);
  const prefix = passage.from > 0 ? ellipsis : "";
  const suffix = passage.to < text.length ? ellipsis : "";
  return {
    text: `${prefix}${text.slice(passage.from, passage.to)}${suffix}`,
    ...passage,
    matches: joinMatches(found, passage).map(({ from, to }) => ({
      from: from - passage.from + prefix.length,
      to: to - passage.from + prefix.length,
      textFrom: from,
      textTo: to,
    })),
  };
}

/** From the first to the last term of the best passage; the first of several that are as good. */
function bestStretch(
  found: readonly Occurrence[],
  terms: ReadonlyMap<string, number>,
  maxCharacters: number,
  within: TextRange,
): TextRange {
  let best: TextRange = { from: within.from, to: within.from };
  let bestScore = 0;
  let score = 0;
  let end = 0;
  const counts = new Map<string, number>();
  const change = (term: string, by: 1 | -1): void => {
    const before = counts.get(term) ?? 0;
    counts.set(term, before + by);
    score += by * terms.get(term)! * (Math.max(before, before + by) === 1 ? 1 : repetitionWeight);
  };
  for (const [start, { from, term }] of found.entries()) {
    while (end < found.length && (end === start || found[end]!.to - from <= maxCharacters)) {
      change(found[end++]!.term, 1);
    }
    // Sums of fractions come back a little different: what is no better must not look it.
    if (score > bestScore + 1e-9) {
      bestScore = score;
      best = { from, to: found[end - 1]!.to };
    }
    change(term, -1);
  }
  return best;
}

/** Gives a stretch as much text on both sides as there is room for, from word to word where there are spaces. */
function placePassage(
  text: string,
  stretch: TextRange,
  maxCharacters: number,
  { from: least, to: most }: TextRange,
): TextRange {
  const boundaries = new GraphemeBoundaries(text);
  const room = Math.max(0, maxCharacters - (stretch.to - stretch.from));
  let from = Math.max(least, stretch.from - Math.floor(room / 2));
  let to = Math.min(most, from + maxCharacters);
  from = Math.max(least, Math.min(from, to - maxCharacters));
  if (from > least) {
    const gap = text.slice(from - 1, Math.min(stretch.from, from + wordSearchCharacters)).search(/\s(?=\S)/);
    from = gap >= 0 ? from + gap : boundaries.after(from);
  }
  if (to < most) {
    const start = Math.max(stretch.to, to - wordSearchCharacters);
    const gap = text.slice(start, to + 1).search(/\s+\S*$/);
    to = gap >= 0 ? start + gap : boundaries.before(to);
  }
  return { from, to: Math.max(from, to) };
}

/** The terms within a passage, those that touch or overlap as one: so do neighbouring bigrams. */
function joinMatches(found: readonly TextRange[], passage: TextRange): TextRange[] {
  const joined: TextRange[] = [];
  for (const occurrence of found) {
    const from = Math.max(occurrence.from, passage.from);
    const to = Math.min(occurrence.to, passage.to);
    if (from >= to) continue;
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to)
      joined.push({ from: joined.pop()!.from, to: Math.max(last.to, to) });
    else joined.push({ from, to });
  }
  return joined;
}
