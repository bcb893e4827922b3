/**
 * Asks the native Hugging Face tokenizer what it does to every code point, and writes the answers to
 * shared/tokenizer/character-facts.generated.ts.
 *
 *   node test/parity/generators/character-facts.ts
 *
 * BERT's normalizer and pre-tokenizer treat each code point by itself, but for the canonical order of
 * the combining marks that they keep, whose relative order is asked for pair by pair.
 */
import { writeFileSync } from "node:fs";
import { bertNormalizer, bertPreTokenizer, nfdNormalizer } from "tokenizers";

const off = { cleanText: false, handleChineseChars: false, stripAccents: false, lowercase: false };
const clean = bertNormalizer({ ...off, cleanText: true });
const chinese = bertNormalizer({ ...off, handleChineseChars: true });
const strip = bertNormalizer({ ...off, stripAccents: true });
const lower = bertNormalizer({ ...off, lowercase: true });
const nfd = nfdNormalizer();
const preTokenizer = bertPreTokenizer();

const isHangulSyllable = (codePoint: number) => codePoint >= 0xac00 && codePoint <= 0xd7a3;
const hangulSyllable = (index: number) =>
  String.fromCodePoint(0x1100 + Math.floor(index / 588), 0x1161 + Math.floor((index % 588) / 28)) +
  (index % 28 ? String.fromCodePoint(0x11a7 + (index % 28)) : "");

/** Everything that the oracle says of single code points, as text of the module. */
export function characterFactsModule(): string {
  const dropped: number[] = [];
  const spaced: number[] = [];
  const chineseCharacters: number[] = [];
  const whitespace: number[] = [];
  const punctuation: number[] = [];
  const stripped: [number, string][] = [];
  const lowered: [number, string][] = [];
  const nonstarters: number[] = [];

  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
    const character = String.fromCodePoint(codePoint);

    const cleaned = clean.normalizeString(`a${character}b`);
    if (cleaned === "ab") dropped.push(codePoint);
    else if (cleaned === "a b") spaced.push(codePoint);
    else if (cleaned !== `a${character}b`) throw new Error(`clean_text makes ${cleaned} of ${codePoint}`);

    if (chinese.normalizeString(character) !== character) chineseCharacters.push(codePoint);

    const pieces = preTokenizer.preTokenizeString(`a${character}b`).length;
    if (pieces === 2) whitespace.push(codePoint);
    else if (pieces === 3) punctuation.push(codePoint);

    const bare = strip.normalizeString(character);
    if (isHangulSyllable(codePoint)) {
      if (bare !== hangulSyllable(codePoint - 0xac00))
        throw new Error(`Hangul ${codePoint} is not arithmetic`);
    } else if (bare !== character) stripped.push([codePoint, bare]);

    const small = lower.normalizeString(character);
    if (small !== character) lowered.push([codePoint, small]);

    // A mark that changes places with one of the lowest or of the highest class has a class itself.
    const isNonstarter =
      nfd.normalizeString(`a\u0345${character}`) === `a${character}\u0345` ||
      nfd.normalizeString(`a${character}\u0334`) === `a\u0334${character}`;
    if (isNonstarter && bare === character) nonstarters.push(codePoint);
  }

  return `/**
 * What the native tokenizer library does to each code point. Made by
 * test/parity/generators/character-facts.ts; do not edit.
 *
 * Ranges are "first-last" or "only" in base 36, each counted from the end of the range before.
 * Mappings are code points in base 36, each counted from the one before, then = and what it becomes.
 */

/** Removed by clean_text. */
export const droppedRanges =
  "${ranges(dropped)}";
/** Turned into a space by clean_text. */
export const cleanedToSpaceRanges =
  "${ranges(spaced)}";
/** Set apart by handle_chinese_chars. */
export const chineseRanges =
  "${ranges(chineseCharacters)}";
/** White space to the pre-tokenizer. */
export const whitespaceRanges =
  "${ranges(whitespace)}";
/** Punctuation to the pre-tokenizer. */
export const punctuationRanges =
  "${ranges(punctuation)}";
/** What strip_accents makes of the characters that it changes, Hangul syllables apart. */
export const strippedMappings =
  "${mappings(stripped)}";
/** What lowercase makes of the characters that it changes. */
export const loweredMappings =
  "${mappings(lowered)}";
/** Marks that strip_accents keeps, grouped by canonical combining class, lowest class first. */
export const keptMarksByClass = ${JSON.stringify(byClass(nonstarters).map(ranges))};
`;
}

/** Groups marks by combining class, which shows in the order that NFD gives each pair. */
function byClass(marks: readonly number[]): number[][] {
  const swaps = (first: number, second: number) =>
    nfd.normalizeString(`a${String.fromCodePoint(first, second)}`) ===
    `a${String.fromCodePoint(second, first)}`;
  const groups: number[][] = [];
  for (const mark of marks) {
    const same = groups.find(([other]) => !swaps(mark, other!) && !swaps(other!, mark));
    if (same) same.push(mark);
    else groups.push([mark]);
  }
  return groups.sort(([left], [right]) => (swaps(left!, right!) ? 1 : -1));
}

function ranges(codePoints: readonly number[]): string {
  const parts: string[] = [];
  let end = 0;
  for (let i = 0; i < codePoints.length; ) {
    const first = codePoints[i]!;
    let last = first;
    while (codePoints[++i] === last + 1) last++;
    const start = (first - end).toString(36);
    parts.push(last === first ? start : `${start}-${(last - first).toString(36)}`);
    end = last;
  }
  return parts.join(" ");
}

function mappings(pairs: readonly (readonly [number, string])[]): string {
  let previous = 0;
  return pairs
    .map(([codePoint, to]) => {
      const step = (codePoint - previous).toString(36);
      previous = codePoint;
      const target = [...to]
        .map((character) => (character.codePointAt(0)! - codePoint).toString(36))
        .join(",");
      return `${step}=${target}`;
    })
    .join(" ");
}

if (import.meta.main) {
  const file = new URL("../../../shared/tokenizer/character-facts.generated.ts", import.meta.url);
  writeFileSync(file, characterFactsModule());
}
