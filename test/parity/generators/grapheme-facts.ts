/**
 * Asks the native Hugging Face tokenizer which characters it keeps in one grapheme, and writes the answers to
 * shared/tokenizer/grapheme-facts.generated.ts.
 *
 *   node test/parity/generators/grapheme-facts.ts
 *
 * A grapheme of less than six bytes is looked up whole in a precompiled character map, and replaced whole if a
 * key is its beginning. So with a key for a character, one sees whether what comes before or after it belongs
 * to its grapheme. A grave accent after the character makes a grapheme of two out of it, of which then either
 * only the key is replaced, because more belongs to it, or all.
 */
import { writeFileSync } from "node:fs";
import { precompiled } from "tokenizers";
import { makeCharsmap } from "../../support/charsmap.ts";

const joiner = "\u200d";
const mark = "\u0300";
const [leading, vowel, trailing] = ["\u1100", "\u1161", "\u11a8"];
const pictograph = "\u00a9";
const [consonant, virama] = ["\u0915", "\u094d"];
const keys = ["a", mark, leading, vowel, trailing, pictograph, consonant];
const replacement = "k";
const map = precompiled([...makeCharsmap(Object.fromEntries(keys.map((key) => [key!, replacement])))]);

/** Where characters of other classes than `other` can be; the rest of Unicode is private, or not assigned. */
const probed: readonly (readonly [number, number])[] = [
  [0, 0x323af],
  [0xe0000, 0xe0fff],
];

/** The code points for which the characters of `before x after` come out as `count`. */
function codePointsWith(count: number, before: string, after: string): Set<number> {
  const codePoints: number[] = [];
  for (const [first, last] of probed) {
    for (let codePoint = first; codePoint <= last; codePoint++) {
      const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
      if (!isSurrogate && codePoint !== 0x0a && codePoint !== 0x0d) codePoints.push(codePoint);
    }
  }
  const found = new Set<number>();
  for (let from = 0; from < codePoints.length; from += 4096) {
    const slice = codePoints.slice(from, from + 4096);
    // A line feed is in a grapheme of its own.
    const text = slice.map((codePoint) => before + String.fromCodePoint(codePoint) + after).join("\n");
    const lines = map.normalizeString(text).split("\n");
    slice.forEach((codePoint, i) => {
      if ([...lines[i]!].length === count) found.add(codePoint);
    });
  }
  return found;
}

const isSyllable = (codePoint: number) => codePoint >= 0xac00 && codePoint <= 0xd7a3;

/** Everything that the oracle says of graphemes, as text of the module. */
export function graphemeFactsModule(): string {
  const attached = codePointsWith(1, "a", "");
  // The mark begins a grapheme of two marks, which become one, only after a control character.
  const controls = codePointsWith(2, "", mark + mark);
  const prepended = codePointsWith(3, "", `a${mark}`);
  const beforeLeading = codePointsWith(3, "", leading + mark);
  const beforeVowel = codePointsWith(3, "", vowel + mark);
  const beforeTrailing = codePointsWith(3, "", trailing + mark);
  const pictographs = codePointsWith(4, "", joiner + pictograph + mark);
  const extendsPictographs = codePointsWith(5, pictograph, joiner + pictograph + mark);
  const consonants = codePointsWith(4, "", virama + consonant + mark);
  const linkers = codePointsWith(4, consonant, consonant + mark);
  const extendsConjuncts = codePointsWith(5, consonant, virama + consonant + mark);

  const classes: Record<string, number[]> = {};
  const put = (name: string, codePoint: number): void => {
    classes[name] ??= [];
    classes[name].push(codePoint);
  };
  for (const [first, last] of probed) {
    for (let codePoint = first; codePoint <= last; codePoint++) {
      if (codePoint === joiner.codePointAt(0)) continue;
      const hangul = [beforeLeading, beforeVowel, beforeTrailing].map((set) => set.has(codePoint)).join();
      if (attached.has(codePoint)) {
        if (linkers.has(codePoint)) put("linkers", codePoint);
        else if (extendsConjuncts.has(codePoint)) put("conjunctExtenders", codePoint);
        else if (extendsPictographs.has(codePoint)) put("extenders", codePoint);
        else put("spacingMarks", codePoint);
      } else if (prepended.has(codePoint)) put("prepended", codePoint);
      else if (controls.has(codePoint)) put("controls", codePoint);
      else if (hangul === "true,true,false") put("leadingLetters", codePoint);
      else if (isSyllable(codePoint)) {
        // Every 28th ends in its vowel (Unicode Standard, 3.12).
        const endsInVowel = (codePoint - 0xac00) % 28 === 0;
        if (hangul !== `false,${endsInVowel},true`) throw new Error(`Hangul ${codePoint} is not arithmetic`);
      } else if (hangul === "false,true,true") put("vowelLetters", codePoint);
      else if (hangul === "false,false,true") put("trailingLetters", codePoint);
      else if (hangul !== "false,false,false") throw new Error(`Hangul of a new kind: ${codePoint}`);
      else if (pictographs.has(codePoint)) put("pictographs", codePoint);
      else if (consonants.has(codePoint)) put("consonants", codePoint);
    }
  }
  return module(classes);
}

const meanings: readonly (readonly [string, string])[] = [
  ["controls", "Graphemes of their own. Carriage return and line feed are not among them."],
  ["extenders", "Belong to what is before them."],
  ["conjunctExtenders", "The same, and may stand between the consonants of a conjunct."],
  ["linkers", "The same, and make a conjunct of the consonants around them."],
  ["spacingMarks", "Belong to what is before them, but may not stand in an emoji."],
  ["prepended", "What is behind them belongs to them."],
  ["leadingLetters", "Hangul letters before a vowel."],
  ["vowelLetters", "Hangul vowels."],
  ["trailingLetters", "Hangul letters after a vowel."],
  ["pictographs", "Can be joined to one emoji."],
  ["consonants", "Can be part of a conjunct."],
];

function module(classes: Record<string, number[]>): string {
  const constants = meanings.map(
    ([name, meaning]) => `/** ${meaning} */\nexport const ${name} =\n  "${ranges(classes[name] ?? [])}";\n`,
  );
  return `/**
 * Where the native tokenizer library ends a grapheme. Made by test/parity/generators/grapheme-facts.ts;
 * do not edit.
 *
 * Ranges are "first-last" or "only" in base 36, each counted from the end of the range before.
 */

${constants.join("")}`;
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

if (import.meta.main) {
  const file = new URL("../../../shared/tokenizer/grapheme-facts.generated.ts", import.meta.url);
  writeFileSync(file, graphemeFactsModule());
}
