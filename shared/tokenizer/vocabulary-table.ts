/** The vocabulary table: word pieces hashed into buckets of four slots, in the form that the kernel reads. */
import { NearvecError } from "../errors.ts";
import { growMemory, instantiateKernel } from "../kernel/kernel.ts";
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
    const header = (id << entryIdShift) | (continuation ? entryContinuationBit : 0) | bytes.length;
    view.setUint32(offsets[i]!, header, true);
    entries.set(bytes, offsets[i]! + 4);
  });
  const hashes = hashEntries(entries, pieces, offsets);
  hashes.forEach((hash, i) => {
    insert(slots, buckets, hash, offsets[i]!);
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

/** The kernel hashes what the kernel will look up. */
function hashEntries(entries: Uint8Array, pieces: readonly Piece[], offsets: readonly number[]): bigint[] {
  const kernel = instantiateKernel();
  const pointer = kernel.heapPointer();
  if (!growMemory(kernel, pointer + entries.length)) {
    throw new NearvecError(
      "tokenizer_unsupported",
      `Expected a vocabulary that fits into memory, got ${entries.length} bytes.`,
    );
  }
  new Uint8Array(kernel.memory.buffer).set(entries, pointer);
  return pieces.map(({ bytes, continuation }, i) =>
    BigInt.asUintN(64, kernel.pieceHash(pointer + offsets[i]! + 4, bytes.length, Number(continuation))),
  );
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
