/**
 * Texts to the terms that keyword search counts, alike in every language and on every machine: characters decide,
 * no dictionary does, so what one host has indexed another can ask for.
 */
import { maxTermCharacters } from "../../limits.ts";
import { englishStem } from "./english-stem.ts";
import { isStopWord } from "./stop-words.ts";

/** A term with where it stands in the text, in UTF-16 units. */
export interface Term {
  readonly term: string;
  readonly from: number;
  readonly to: number;
}

/** Called with each term and where it stands in the text, in UTF-16 units. */
export type TermVisitor = (term: string, from: number, to: number) => void;

/** Scripts that put no spaces between words, or, as Korean, that join endings to them. */
const unspacedScripts = ["Han", "Hira", "Kana", "Bopo", "Hang", "Yiii", "Thai", "Laoo", "Khmr", "Mymr"]
  .map((script) => `\\p{scx=${script}}`)
  .join("");
const unspaced = `[[\\p{L}\\p{N}]&&[${unspacedScripts}]]`;

/** Runs of letters, marks and digits: of such scripts, or of the others. */
const runs = new RegExp(
  `(?<unspaced>${unspaced}[${unspaced}\\p{M}]*)|[[\\p{L}\\p{M}\\p{N}]--${unspaced}]+`,
  "gv",
);

/** The same of a text in ASCII, several times faster. */
const asciiRuns = /[A-Za-z0-9]+/g;
const ascii = /^\p{ASCII}*$/u;

/** A character with what belongs to it: marks, halfwidth voicing, the vowels and finals of a spelt Hangul syllable. */
const clusters = /.[\p{M}\u{ff9e}\u{ff9f}\u{1160}-\u{11ff}]*/gsu;

/** What a compatibility form can bring into a word: the fraction slash of ½, the brackets of ⑴. */
const noWord = /[^\p{L}\p{M}\p{N}]+/gu;

/**
 * Calls `visit` with each term of a text, in order.
 *
 * Words are runs of letters, marks and digits in NFKC and lower case, without stop words, stemmed. A run of Chinese,
 * Japanese, Korean, Thai, Lao, Khmer or Burmese gives each two characters that stand together, or the one
 * that stands alone: as Lucene's CJKAnalyzer does.
 */
export function forEachTerm(text: string, visit: TermVisitor): void {
  if (ascii.test(text)) {
    for (const { 0: run, index } of text.matchAll(asciiRuns)) visitWord(run.toLowerCase(), run, index, visit);
    return;
  }
  for (const { 0: run, index, groups } of text.matchAll(runs)) {
    if (groups!.unspaced !== undefined) visitBigrams(run, index, visit);
    else visitWord(run.normalize("NFKC").toLowerCase().replace(noWord, ""), run, index, visit);
  }
}

/** The terms of a text, in order. */
export function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  forEachTerm(text, (term, from, to) => terms.push({ term, from, to }));
  return terms;
}

/** The terms of a text without their places. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  forEachTerm(text, (term) => words.push(term));
  return words;
}

function visitWord(word: string, run: string, from: number, visit: TermVisitor): void {
  if (word !== "" && !isStopWord(word)) visit(englishStem(cut(word)), from, from + run.length);
}

function visitBigrams(run: string, start: number, visit: TermVisitor): void {
  let previous: RegExpExecArray | undefined;
  let alone = true;
  for (const cluster of run.matchAll(clusters)) {
    if (previous !== undefined) {
      const end = cluster.index + cluster[0].length;
      visit(normalize(previous[0] + cluster[0]), start + previous.index, start + end);
      alone = false;
    }
    previous = cluster;
  }
  if (alone) visit(normalize(run), start, start + run.length);
}

function normalize(characters: string): string {
  return cut(characters.normalize("NFKC").toLowerCase());
}

/** The beginning of a term that is too long, with no half of a character. */
function cut(term: string): string {
  if (term.length <= maxTermCharacters) return term;
  const start = term.slice(0, maxTermCharacters);
  return start.isWellFormed() ? start : start.slice(0, -1);
}
