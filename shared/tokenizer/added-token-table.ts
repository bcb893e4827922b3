/** The table of added tokens, in the form that the kernel reads: filters, and a trie for each kind of text. */
import { buildDoubleArray, type TrieKey } from "./double-array.ts";
import {
  addedTokenNormalized,
  addedTokenRaw,
  addedTokenSingleWord,
  addedTokenStripLeft,
  addedTokenStripRight,
  addedTokensEntriesWord,
  addedTokensFiltersWord,
  addedTokensFlipsWord,
  addedTokensHeadWords,
  addedTokensKindsWord,
  addedTokensUnitsWord,
} from "./table-layout.ts";
import { wordCharacterFlips } from "./word-characters.generated.ts";

/** An added token as the text in which it is looked for has it. */
export interface AddedToken {
  readonly id: number;
  /** For a normalized token, its normalized form. */
  readonly bytes: Uint8Array;
  readonly normalized: boolean;
  readonly singleWord: boolean;
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
}

/** Builds the table. Of tokens that are looked for alike, the first is found. @throws NearvecError */
export function buildAddedTokenTable(tokens: readonly AddedToken[]): Uint32Array {
  const kinds = [addedTokenRaw, addedTokenNormalized].map((kind) =>
    keysOf(tokens.filter(({ normalized }) => normalized === (kind === addedTokenNormalized))),
  );
  const { units, entries } = buildDoubleArray(kinds);
  // They are 6 kB, which hardly any table needs.
  const flips = tokens.some(({ singleWord }) => singleWord) ? wordFlips() : new Uint32Array();

  const table = new Uint32Array(addedTokensHeadWords + units.length + entries.length + flips.length);
  kinds.forEach((keys, kind) => {
    table[addedTokensKindsWord]! |= Number(keys.length > 0) << kind;
    table.set(filterOf(keys), addedTokensFiltersWord + kind * 16);
  });
  table[addedTokensUnitsWord] = units.length;
  table[addedTokensEntriesWord] = entries.length;
  table[addedTokensFlipsWord] = flips.length;
  table.set(units, addedTokensHeadWords);
  table.set(entries, addedTokensHeadWords + units.length);
  table.set(flips, addedTokensHeadWords + units.length + entries.length);
  return table;
}

/** Keys in the order of their bytes, none twice. */
function keysOf(tokens: readonly AddedToken[]): TrieKey[] {
  return tokens
    .map((token) => ({ bytes: token.bytes, value: token.id | flagsOf(token) }))
    .sort((left, right) => compareBytes(left.bytes, right.bytes))
    .filter(({ bytes }, i, sorted) => i === 0 || compareBytes(sorted[i - 1]!.bytes, bytes) !== 0);
}

function flagsOf({ singleWord, stripLeft, stripRight }: AddedToken): number {
  return (
    (singleWord ? addedTokenSingleWord : 0) |
    (stripLeft ? addedTokenStripLeft : 0) |
    (stripRight ? addedTokenStripRight : 0)
  );
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}

/**
 * Which pairs of bytes can begin a token, for 16 bytes of text at once: four vectors, by the low half of the
 * first byte, by its high half, and the same of the second byte. A pair passes if all four share a bit. The
 * tokens are dealt out to the eight bits by the high half of their first byte.
 */
function filterOf(keys: readonly TrieKey[]): Uint32Array {
  const vectors = new Uint8Array(64);
  for (const { bytes } of keys) {
    const [first = 0, second] = bytes;
    const bit = 1 << ((first >> 4) & 7);
    vectors[first & 15]! |= bit;
    vectors[16 + (first >> 4)]! |= bit;
    if (second === undefined) for (let i = 32; i < 64; i++) vectors[i]! |= bit;
    else {
      vectors[32 + (second & 15)]! |= bit;
      vectors[48 + (second >> 4)]! |= bit;
    }
  }
  return new Uint32Array(vectors.buffer);
}

/** Code points at which a run of word characters begins, and at which it ends, in turn. */
function wordFlips(): Uint32Array {
  let codePoint = 0;
  return Uint32Array.from(wordCharacterFlips.split(" "), (step) => {
    codePoint += Number.parseInt(step, 36);
    return codePoint;
  });
}
