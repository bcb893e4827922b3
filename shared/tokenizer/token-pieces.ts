/** From token ids back to the tokens themselves, read where the compiled tables have them. */
import type { ModelMetadata } from "../artifact/model-metadata.ts";
import { NearvecError } from "../errors.ts";
import { listAddedTokens } from "./added-token-list.ts";
import {
  entriesPaddingBytes,
  entryContinuationBit,
  entryIdShift,
  labelUnused,
  maxTokenBytes,
} from "./table-layout.ts";
import { maxUnigramTokenBytes, trieIdShift, trieLeafBase, trieUnitWords } from "./unigram-layout.ts";

/** A token as the tables have it: without `##`, with a space where its tokenizer.json has `▁`. */
export interface TokenPiece {
  readonly bytes: Uint8Array;
  /** Whether it goes on with a word. WordPiece only. */
  readonly continues: boolean;
  /** Whether it is looked for in texts before they are tokenized. */
  readonly added: boolean;
  /** Whether it is an added token that is not text: the unknown token, or what is written in brackets. */
  readonly special: boolean;
  /** Whether it stands for one byte of a character that has no token of its own. Unigram only. */
  readonly byte: boolean;
}

/** The tables that are needed, each as the kernel's memory has it at the moment of the call. */
export interface PieceTables {
  readonly bytes: (table: string) => Uint8Array;
  readonly words: (table: string) => Uint32Array;
}

export interface PieceFinder {
  /** Bytes that it keeps. */
  readonly byteLength: number;
  /** The piece of a token; undefined for an id that no text can have. */
  readonly find: (id: number, tables: PieceTables) => TokenPiece | undefined;
}

/**
 * Prepares the search for pieces: one walk over the vocabulary, 4 to 12 bytes kept per token.
 *
 * @throws NearvecError artifact_invalid if the tables contradict themselves
 */
export function pieceFinder(metadata: ModelMetadata, tables: PieceTables): PieceFinder {
  const added = addedPieces(metadata, tables);
  const rest =
    metadata.tokenizer.kind === "wordpiece"
      ? wordPieceFinder(metadata.vocabularySize, tables)
      : unigramFinder(metadata.vocabularySize, tables);
  return { ...rest, find: (id, current) => added.get(id) ?? rest.find(id, current) };
}

const plain = { continues: false, added: false, special: false, byte: false } as const;

function addedPieces({ tokenizer, unkTokenId }: ModelMetadata, tables: PieceTables): Map<number, TokenPiece> {
  const unknownId = tokenizer.kind === "unigram" ? tokenizer.unkId : unkTokenId;
  return new Map(
    listAddedTokens(tables.words("added_tokens")).map(({ id, bytes }): [number, TokenPiece] => {
      // The tables do not say what is special; this is what decompiling a tokenizer says as well.
      const special = id === unknownId || /^(\[.+\]|<.+>)$/u.test(new TextDecoder().decode(bytes));
      return [id, { ...plain, bytes, added: true, special }];
    }),
  );
}

function wordPieceFinder(vocabularySize: number, tables: PieceTables): PieceFinder {
  const offsets = new Uint32Array(vocabularySize);
  const entries = tables.bytes("vocabulary_entries");
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const end = entries.length - entriesPaddingBytes;
  for (let at = 4; at < end; ) {
    const head = view.getUint32(at, true);
    const id = head >>> entryIdShift;
    // Without a prefix, a token stands in the table twice: first for the beginning of a word.
    if (id < vocabularySize && offsets[id] === 0) offsets[id] = at;
    at += 4 + (((head & maxTokenBytes) + 3) & ~3);
    if (at > end) throw damaged("entries of the vocabulary");
  }
  const find: PieceFinder["find"] = (id, current) => {
    const at = offsets[id] ?? 0;
    if (at === 0) return undefined;
    const bytes = current.bytes("vocabulary_entries");
    const head = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
    return {
      ...plain,
      bytes: bytes.slice(at + 4, at + 4 + (head & maxTokenBytes)),
      continues: (head & entryContinuationBit) !== 0,
    };
  };
  return { byteLength: offsets.byteLength, find };
}

function unigramFinder(vocabularySize: number, tables: PieceTables): PieceFinder {
  const trie = tables.words("vocabulary_trie");
  const units = trie.length / trieUnitWords;
  const unitOfToken = new Uint32Array(vocabularySize);
  // A base belongs to one parent, so that a unit's parent is found by its own number less its label.
  const parentOfBase = new Uint32Array(units);
  for (let unit = 0; unit < units; unit++) {
    const base = trie[unit * trieUnitWords]!;
    const label = trie[unit * trieUnitWords + 1]!;
    if (base !== trieLeafBase && base < units) parentOfBase[base] = unit;
    const id = (label >>> trieIdShift) - 1;
    if (id >= 0 && id < vocabularySize) unitOfToken[id] = unit;
  }
  const bytesOfToken = tables.words("byte_tokens").slice();
  const find: PieceFinder["find"] = (id, current) => {
    const byte = bytesOfToken.indexOf(id);
    if (byte >= 0) return { ...plain, bytes: Uint8Array.of(byte), byte: true };
    const words = current.words("vocabulary_trie");
    const path: number[] = [];
    for (let unit = unitOfToken[id] ?? 0; unit !== 0; ) {
      const label = words[unit * trieUnitWords + 1]! & 0xff;
      if (label === labelUnused || path.length > maxUnigramTokenBytes) throw damaged("the vocabulary's trie");
      path.push(label);
      unit = parentOfBase[unit - label]!;
    }
    return path.length === 0 ? undefined : { ...plain, bytes: Uint8Array.from(path.reverse()) };
  };
  return { byteLength: unitOfToken.byteLength + parentOfBase.byteLength, find };
}

function damaged(expected: string): NearvecError {
  return new NearvecError("artifact_invalid", `Expected ${expected} whole. The model file is damaged.`);
}
