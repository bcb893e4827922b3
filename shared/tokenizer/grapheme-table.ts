/** The classes by which the kernel finds the end of a grapheme. */
import { firstHangulSyllable, lastHangulSyllable, parseRanges } from "./character-facts.ts";
import { shareBlocks } from "./character-table.ts";
import * as facts from "./grapheme-facts.generated.ts";
import * as layout from "./unigram-layout.ts";

export interface GraphemeTable {
  /** Code point >> 7 to the number of its block. */
  readonly index: Uint16Array;
  /** Blocks of 128 classes. */
  readonly blocks: Uint16Array;
}

let table: GraphemeTable | undefined;

/** The table, which is the same for every tokenizer. */
export function graphemeTable(): GraphemeTable {
  table ??= shareBlocks(classes());
  return table;
}

function classes(): Map<number, number> {
  const values = new Map<number, number>([
    [0x0d, layout.graphemeReturn],
    [0x0a, layout.graphemeNewline],
    [0x200d, layout.graphemeJoiner],
  ]);
  const groups: readonly (readonly [string, number])[] = [
    [facts.controls, layout.graphemeControl],
    [facts.extenders, layout.graphemeExtend],
    [facts.conjunctExtenders, layout.graphemeConjunctExtend],
    [facts.linkers, layout.graphemeLinker],
    [facts.spacingMarks, layout.graphemeSpacingMark],
    [facts.prepended, layout.graphemePrepend],
    [facts.leadingLetters, layout.graphemeLeading],
    [facts.vowelLetters, layout.graphemeVowel],
    [facts.trailingLetters, layout.graphemeTrailing],
    [facts.pictographs, layout.graphemePictographic],
    [facts.consonants, layout.graphemeConsonant],
  ];
  for (const [ranges, value] of groups) for (const each of parseRanges(ranges)) values.set(each, value);
  for (let each = firstHangulSyllable; each <= lastHangulSyllable; each++) {
    // Every 28th has no trailing consonant (Unicode Standard, 3.12).
    const endsInVowel = (each - firstHangulSyllable) % 28 === 0;
    values.set(each, endsInVowel ? layout.graphemeLeadingVowel : layout.graphemeLeadingVowelTrailing);
  }
  return values;
}
