/** The character table of a Unigram tokenizer: what each character becomes, in the form that the kernel reads. */
import { NearvecError } from "../errors.ts";
import { firstHangulSyllable, lastHangulSyllable, specialCodePoints } from "./character-facts.ts";
import { type CharacterTable, type RecordItem, RecordPool, shareBlocks } from "./character-table.ts";
import { charsmapEntries } from "./charsmap.ts";
import {
  characterDrop,
  characterHangul,
  characterMeta,
  characterSpace,
  characterSpaced,
  characterWhitespace,
  characterWord,
} from "./table-layout.ts";
import { longGraphemeBytes } from "./unigram-layout.ts";
import { isWhitespace, type UnigramNormalizer } from "./unigram-normalizer.ts";

export interface UnigramCharacters {
  readonly table: CharacterTable;
  /** Bytes that a byte of text becomes at most, spaces counted as one. */
  readonly maxExpansion: number;
}

/** Bytes of a Hangul syllable, and of the three jamo that it may become. */
const hangulExpansion = 3;

/**
 * Builds the table.
 *
 * @param replacement the code point that stands for a space in tokens
 * @param everyWhitespace whether all white space is as good as a space
 * @throws NearvecError tokenizer_unsupported if a step replaces letters of decomposed Hangul
 */
export function unigramCharacters(
  normalizer: UnigramNormalizer,
  replacement: number,
  everyWhitespace: boolean,
): UnigramCharacters {
  const strips = normalizer.stripLeft || normalizer.stripRight;
  const itemsOf = (codePoint: number): RecordItem[] =>
    normalizer.characters(codePoint).map(({ codePoint: each, order }) => {
      if (each === replacement) return { codePoint: each, value: characterMeta, order };
      if (each === 0x20 || (everyWhitespace && isWhitespace(each))) {
        return { codePoint: 0x20, value: characterSpace, order };
      }
      const value = strips && isWhitespace(each) ? characterWhitespace : characterWord;
      return { codePoint: each, value, order };
    });

  const records = new RecordPool();
  const values = new Map<number, number>();
  // An added token of one byte becomes an id, and the space in front of what follows may become another.
  let maxExpansion = 2;
  for (const codePoint of new Set([...specialCodePoints(), ...normalizer.replaced, replacement])) {
    const items = itemsOf(codePoint);
    maxExpansion = Math.max(maxExpansion, bytesOf(items) / utf8Length(codePoint));
    const value = characterValue(codePoint, items, records);
    if (value !== characterWord) values.set(codePoint, value);
  }
  if (normalizer.stripsAccents) {
    maxExpansion = Math.max(maxExpansion, hangulExpansion);
    if (normalizer.replaced.some(isHangul)) throw replacesHangul();
    for (let each = firstHangulSyllable; each <= lastHangulSyllable; each++)
      values.set(each, characterHangul);
  }
  for (const { key, replacement: text } of normalizer.charsmap ? charsmapEntries(normalizer.charsmap) : []) {
    if (key.length >= longGraphemeBytes) continue;
    let bytes = 0;
    for (const character of text) {
      const codePoint = character.codePointAt(0)!;
      bytes += isHangul(codePoint) ? 3 * hangulExpansion : bytesOf(itemsOf(codePoint));
    }
    maxExpansion = Math.max(maxExpansion, bytes / key.length);
  }
  return {
    table: { ...shareBlocks(values), records: records.bytes() },
    maxExpansion: Math.ceil(maxExpansion),
  };
}

function characterValue(codePoint: number, items: readonly RecordItem[], records: RecordPool): number {
  if (items.length === 0) return characterDrop;
  const [first, second, third] = items;
  const stays = (item: RecordItem): boolean => item.codePoint === codePoint && item.order === 0;
  if (items.length === 1) {
    const { value } = first!;
    if (value === characterSpace || value === characterMeta || stays(first!)) return value;
  }
  if (items.length === 3 && first!.value === characterSpace && third!.value === characterSpace) {
    if (second!.value === characterWord && stays(second!)) return characterSpaced;
  }
  return records.add(items);
}

/** Spaces, and what stands for them, take a byte in the kernel. */
function bytesOf(items: readonly RecordItem[]): number {
  return items.reduce(
    (sum, { codePoint, value }) => sum + (value === characterMeta ? 1 : utf8Length(codePoint)),
    0,
  );
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}

/** Syllables, and the conjoining letters that they are decomposed into. */
function isHangul(codePoint: number): boolean {
  const isSyllable = codePoint >= firstHangulSyllable && codePoint <= lastHangulSyllable;
  return isSyllable || (codePoint >= 0x1100 && codePoint <= 0x11ff);
}

function replacesHangul(): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    "Expected no Replace of Hangul after BertNormalizer has stripped accents. Remove the step.",
    { param: "tokenizer.json" },
  );
}
