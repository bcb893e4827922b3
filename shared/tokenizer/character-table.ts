/** The character table: what the normalizer makes of each code point, in the form that the kernel reads. */
import {
  firstHangulSyllable,
  lastHangulSyllable,
  type NormalizedCharacter,
  type NormalizerOptions,
  normalizeCharacter,
  specialCodePoints,
} from "./character-facts.ts";
import {
  characterBlockBits,
  characterDrop,
  characterHangul,
  characterIsolated,
  characterSpace,
  characterSpaced,
  characterWord,
  firstRecord,
} from "./table-layout.ts";

/** Two levels of lookup and the records they may lead to; see `table-layout.ts` for the bytes. */
export interface CharacterTable {
  readonly index: Uint16Array;
  readonly blocks: Uint16Array;
  readonly records: Uint8Array;
}

const codePointCount = 0x110000;
const blockSize = 1 << characterBlockBits;
const encoder = new TextEncoder();

/** Tables made so far: they depend on four flags alone, and walk over all of Unicode. */
const tables = new Map<string, CharacterTable>();

/** The table for one combination of options. */
export function characterTable(options: NormalizerOptions): CharacterTable {
  const { lowercase, stripAccents, cleanText, handleChineseChars } = options;
  const key = [lowercase, stripAccents, cleanText, handleChineseChars].join();
  let table = tables.get(key);
  if (table === undefined) {
    table = buildCharacterTable(options);
    tables.set(key, table);
  }
  return table;
}

function buildCharacterTable(options: NormalizerOptions): CharacterTable {
  const records = new RecordPool();
  const values = new Map<number, number>();
  for (const codePoint of specialCodePoints()) {
    const value = characterValue(codePoint, normalizeCharacter(codePoint, options), records);
    if (value !== characterWord) values.set(codePoint, value);
  }
  if (options.stripAccents) {
    for (let codePoint = firstHangulSyllable; codePoint <= lastHangulSyllable; codePoint++) {
      values.set(codePoint, characterHangul);
    }
  }
  return { ...shareBlocks(values), records: records.bytes() };
}

function characterValue(
  codePoint: number,
  characters: readonly NormalizedCharacter[],
  records: RecordPool,
): number {
  if (characters.length === 0) return characterDrop;
  const [first, second] = characters;
  if (characters.length === 1 && first!.kind === "space") return characterSpace;
  if (characters.length === 1 && first!.codePoint === codePoint && first!.order === 0) {
    return first!.kind === "word" ? characterWord : characterIsolated;
  }
  const staysBetweenSpaces =
    characters.length === 3 &&
    first!.kind === "space" &&
    second!.kind === "word" &&
    second!.codePoint === codePoint &&
    second!.order === 0;
  if (staysBetweenSpaces) return characterSpaced;
  const kinds = { word: characterWord, punctuation: characterIsolated, space: characterSpace };
  return records.add(
    characters.map(({ codePoint, kind, order }) => ({ codePoint, value: kinds[kind], order })),
  );
}

/** Cuts the code space into blocks and keeps one of each that are equal. */
export function shareBlocks(values: ReadonlyMap<number, number>): {
  index: Uint16Array;
  blocks: Uint16Array;
} {
  const contents = new Map<number, Uint16Array<ArrayBuffer>>();
  for (const [codePoint, value] of values) {
    const number = codePoint >> characterBlockBits;
    let content = contents.get(number);
    if (content === undefined) {
      content = new Uint16Array(blockSize).fill(characterWord);
      contents.set(number, content);
    }
    content[codePoint & (blockSize - 1)] = value;
  }
  // Block 0 is the one in which nothing is special.
  const shared = [new Uint16Array(blockSize).fill(characterWord)];
  const known = new Map<string, number>();
  const index = new Uint16Array(codePointCount >> characterBlockBits);
  for (const [number, content] of [...contents].sort(([left], [right]) => left - right)) {
    const key = content.join();
    let place = known.get(key);
    if (place === undefined) {
      place = shared.length;
      known.set(key, place);
      shared.push(content);
    }
    index[number] = place;
  }
  const blocks = new Uint16Array(shared.length * blockSize);
  shared.forEach((content, place) => {
    blocks.set(content, place * blockSize);
  });
  return { index, blocks };
}

/** One character of a record. */
export interface RecordItem {
  readonly codePoint: number;
  /** Its value in the character table. */
  readonly value: number;
  readonly order: number;
}

/** Collects records, each beginning at a multiple of 4 bytes, equal ones once. */
export class RecordPool {
  readonly #bytes: number[] = [];
  readonly #known = new Map<string, number>();

  /** The value of the character that becomes these. */
  add(items: readonly RecordItem[]): number {
    const record = [items.length];
    for (const { codePoint, value, order } of items) {
      const text = encoder.encode(String.fromCodePoint(codePoint));
      record.push(value, order, text.length, ...text);
    }
    const key = record.join();
    let value = this.#known.get(key);
    if (value === undefined) {
      value = firstRecord + this.#bytes.length / 4;
      this.#known.set(key, value);
      while (record.length % 4 !== 0) record.push(0);
      this.#bytes.push(...record);
    }
    return value;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
