/**
 * The vocabulary table: word pieces hashed into buckets of four slots, in the form that the kernel reads.
 * The hash is that of `shared/kernel/assembly/vocabulary.ts`, in BigInt.
 */
import { NearvecError } from "../errors.ts";
import {
  entriesPaddingBytes,
  entryContinuationBit,
  entryIdShift,
  maxTokenBytes,
  slotsPerBucket,
  slotTagBits,
} from "./table-layout.ts";

export interface VocabularyTable {
  readonly slots: Uint32Array;
  readonly entries: Uint8Array;
}

/** Slots filled: at 0.6 three buckets in four have a free slot, where a search for a stranger ends. */
const loadFactor = 0.6;

const encoder = new TextEncoder();
const mask64 = 0xffff_ffff_ffff_ffffn;
const seed = 0x9e37_79b9_7f4a_7c15n;
const continuationSeed = 0xd6e8_feb8_6659_fd93n;
const firstMultiplier = 0xbf58_476d_1ce4_e5b9n;
const secondMultiplier = 0x94d0_49bb_1331_11ebn;

/**
 * Builds the table.
 *
 * @param tokens pairs of token and id, in any order; ids below 2 ** 23
 * @param prefix what tokens that continue a word begin with, e.g. `##`
 * @throws NearvecError tokenizer_unsupported for a token longer than 255 bytes
 */
export function buildVocabularyTable(
  tokens: Iterable<readonly [string, number]>,
  prefix: string,
): VocabularyTable {
  const pieces = [...tokens]
    .flatMap(([token, id]) => piecesOf(token, id, prefix))
    .sort((left, right) => left.id - right.id);
  const offsets: number[] = [];
  // Offset 0 means an empty slot, so the first entry begins at 4.
  let size = 4;
  for (const { bytes } of pieces) {
    offsets.push(size);
    size += 4 + ((bytes.length + 3) & ~3);
  }
  const entries = new Uint8Array(size + entriesPaddingBytes);
  const view = new DataView(entries.buffer);
  const buckets = Math.max(1, Math.ceil(pieces.length / loadFactor / slotsPerBucket));
  const slots = new Uint32Array(buckets * slotsPerBucket);
  pieces.forEach(({ id, bytes, continuation }, i) => {
    const offset = offsets[i]!;
    const header = (id << entryIdShift) | (continuation ? entryContinuationBit : 0) | bytes.length;
    view.setUint32(offset, header, true);
    entries.set(bytes, offset + 4);
    insert(slots, buckets, hashPiece(bytes, continuation), offset);
  });
  return { slots, entries };
}

interface Piece {
  readonly id: number;
  readonly bytes: Uint8Array;
  readonly continuation: boolean;
}

function piecesOf(token: string, id: number, prefix: string): Piece[] {
  const piece = (text: string, continuation: boolean): Piece => {
    const bytes = encoder.encode(text);
    if (bytes.length > maxTokenBytes) {
      throw new NearvecError(
        "tokenizer_unsupported",
        `Expected tokens of at most ${maxTokenBytes} bytes, got one of ${bytes.length}: "${text.slice(0, 40)}…". Remove it from the vocabulary.`,
      );
    }
    return { id, bytes, continuation };
  };
  if (prefix === "") return token === "" ? [] : [piece(token, false), piece(token, true)];
  if (token.length > prefix.length && token.startsWith(prefix))
    return [piece(token.slice(prefix.length), true)];
  return [piece(token, false)];
}

function insert(slots: Uint32Array, buckets: number, hash: bigint, offset: number): void {
  const tag = Number((hash >> 20n) & ((1n << BigInt(slotTagBits)) - 1n));
  let bucket = Number(((hash >> 32n) * BigInt(buckets)) >> 32n);
  for (;;) {
    for (let i = 0; i < slotsPerBucket; i++) {
      const slot = bucket * slotsPerBucket + i;
      if (slots[slot] !== 0) continue;
      slots[slot] = (offset / 4) * 2 ** slotTagBits + tag;
      return;
    }
    bucket = (bucket + 1) % buckets;
  }
}

function hashPiece(bytes: Uint8Array, continuation: boolean): bigint {
  const padded = new Uint8Array((Math.max(1, Math.ceil(bytes.length / 16)) + 1) * 16);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let hash = continuation ? continuationSeed : seed;
  let at = 0;
  for (; bytes.length - at > 16; at += 16) {
    hash = fold(hash, view.getBigUint64(at, true), view.getBigUint64(at + 8, true));
  }
  hash = fold(hash, view.getBigUint64(at, true), view.getBigUint64(at + 8, true));
  return (hash * firstMultiplier) & mask64;
}

function fold(hash: bigint, low: bigint, high: bigint): bigint {
  const turned = ((hash << 32n) | (hash >> 32n)) & mask64;
  const mixed = ((low ^ hash) * firstMultiplier + (high ^ turned) * secondMultiplier) & mask64;
  return mixed ^ (mixed >> 32n);
}
