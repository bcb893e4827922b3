/** What BERT's normalizer and pre-tokenizer make of one code point, for any combination of options. */
import {
  chineseRanges,
  cleanedToSpaceRanges,
  droppedRanges,
  keptMarksByClass,
  loweredMappings,
  punctuationRanges,
  strippedMappings,
  whitespaceRanges,
} from "./character-facts.generated.ts";

/** The options of BertNormalizer. */
export interface NormalizerOptions {
  readonly lowercase: boolean;
  readonly stripAccents: boolean;
  readonly cleanText: boolean;
  readonly handleChineseChars: boolean;
}

/** What a character of normalized text is to the pre-tokenizer. */
export type CharacterKind = "word" | "punctuation" | "space";

/** One character of normalized text. */
export interface NormalizedCharacter {
  readonly codePoint: number;
  readonly kind: CharacterKind;
  /** Rank of its canonical combining class among the marks that strip_accents keeps; 0 for a starter. */
  readonly order: number;
}

const dropped = parseRanges(droppedRanges);
const cleanedToSpace = parseRanges(cleanedToSpaceRanges);
const chinese = parseRanges(chineseRanges);
const whitespace = parseRanges(whitespaceRanges);
const punctuation = parseRanges(punctuationRanges);
const stripped = parseMappings(strippedMappings);
const lowered = parseMappings(loweredMappings);
const markOrder = new Map(
  keptMarksByClass.flatMap((group, rank) => [...parseRanges(group)].map((mark) => [mark, rank + 1] as const)),
);

/** The first and last Hangul syllable: strip_accents decomposes them by arithmetic. */
export const firstHangulSyllable = 0xac00;
export const lastHangulSyllable = 0xd7a3;

/** The characters that `codePoint` becomes, in order; none if it is dropped. */
export function normalizeCharacter(codePoint: number, options: NormalizerOptions): NormalizedCharacter[] {
  if (options.cleanText) {
    if (dropped.has(codePoint)) return [];
    if (cleanedToSpace.has(codePoint)) return [space];
  }
  let codePoints: readonly number[] = [codePoint];
  if (options.stripAccents) codePoints = decompose(codePoint);
  if (options.lowercase) codePoints = codePoints.flatMap((each) => lowered.get(each) ?? [each]);
  const characters = codePoints.map((each) => ({
    codePoint: each,
    kind: kindOf(each),
    order: options.stripAccents ? (markOrder.get(each) ?? 0) : 0,
  }));
  return options.handleChineseChars && chinese.has(codePoint) ? [space, ...characters, space] : characters;
}

/** Every code point that any option treats specially. The others are parts of words and stay as they are. */
export function specialCodePoints(): Set<number> {
  return new Set([
    ...dropped,
    ...cleanedToSpace,
    ...chinese,
    ...whitespace,
    ...punctuation,
    ...stripped.keys(),
    ...lowered.keys(),
    ...markOrder.keys(),
  ]);
}

const space: NormalizedCharacter = { codePoint: 0x20, kind: "space", order: 0 };

function kindOf(codePoint: number): CharacterKind {
  if (whitespace.has(codePoint)) return "space";
  return punctuation.has(codePoint) ? "punctuation" : "word";
}

function decompose(codePoint: number): readonly number[] {
  if (codePoint < firstHangulSyllable || codePoint > lastHangulSyllable) {
    return stripped.get(codePoint) ?? [codePoint];
  }
  // Unicode Standard, 3.12: 21 vowels and 28 trailing consonants for each of 19 leading ones.
  const index = codePoint - firstHangulSyllable;
  const lead = 0x1100 + Math.floor(index / 588);
  const vowel = 0x1161 + Math.floor((index % 588) / 28);
  return index % 28 === 0 ? [lead, vowel] : [lead, vowel, 0x11a7 + (index % 28)];
}

/** Code points of ranges as the generated facts write them. */
export function parseRanges(text: string): Set<number> {
  const codePoints = new Set<number>();
  let end = 0;
  for (const part of text.split(" ")) {
    const [step, length = "0"] = part.split("-");
    const first = end + Number.parseInt(step!, 36);
    end = first + Number.parseInt(length, 36);
    for (let codePoint = first; codePoint <= end; codePoint++) codePoints.add(codePoint);
  }
  return codePoints;
}

function parseMappings(text: string): Map<number, readonly number[]> {
  const mappings = new Map<number, readonly number[]>();
  let codePoint = 0;
  for (const part of text.split(" ")) {
    const [step, target] = part.split("=");
    codePoint += Number.parseInt(step!, 36);
    const from = codePoint;
    mappings.set(
      from,
      target === "" ? [] : target!.split(",").map((distance) => from + Number.parseInt(distance, 36)),
    );
  }
  return mappings;
}
