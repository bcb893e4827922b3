/**
 * The kernel: UTF-8 in, vector out, in one call. One instance holds one model.
 *
 * The host writes the model's tables into memory and their addresses into the descriptor, calls
 * `configure`, and then for each text: `reserve` (only for a longer text than ever before), writes the
 * UTF-8 at `inputPointer`, calls `encode`, reads `outputPointer`.
 */
import { appendWithAddedTokens, prepareAddedTokens } from "./added-tokens";
import { tokenizerUnigram } from "../model-descriptor";
import { normalize } from "./normalizer";
import { pool } from "./pool";
import { printBase64At } from "./print-base64";
import { printNumbersAt } from "./print-numbers";
import { ids, idsCapacity, input, inputCapacity, output, reserve as reserveScratch } from "./scratch";
import { descriptor, hasAddedTokens, readDescriptor, tokenizer } from "./tables";
import { prefixBytes } from "./text";
import { beginTokens, count } from "./token-list";
import { appendSentence, prepareUnigram } from "./unigram";
import { hashPiece } from "./vocabulary";
import { appendWords } from "./word-piece";
import { xxHash64 } from "./xxhash64";

/** Where the host writes the descriptor (see model-descriptor.ts). */
export function descriptorPointer(): usize {
  return descriptor;
}

/** First byte that the kernel itself does not use. */
export function heapPointer(): usize {
  return __heap_base;
}

/** Takes over the descriptor and reserves scratch for texts of `bytes` bytes. False: out of memory. */
export function configure(bytes: u32): bool {
  readDescriptor();
  prepareAddedTokens();
  if (tokenizer == <u32>tokenizerUnigram) prepareUnigram();
  return reserveScratch(bytes);
}

/** Makes room for texts of `bytes` bytes; invalidates input. False: out of memory. */
export function reserve(bytes: u32): bool {
  return bytes <= inputCapacity || reserveScratch(bytes);
}

export function inputPointer(): usize {
  return input;
}

export function inputCapacityBytes(): u32 {
  return inputCapacity;
}

export function outputPointer(): usize {
  return output;
}

export function idsPointer(): usize {
  return ids;
}

export function idsCapacityTokens(): u32 {
  return idsCapacity;
}

/**
 * Tokenizes the `bytes` bytes at `inputPointer`: cut to `maxCodePoints`, then tokenized, then cut to
 * `maxTokens`. Leaves u32 ids at `idsPointer`, unknown tokens among them only if `keepUnknown`.
 * Returns how many.
 */
export function tokenize(bytes: u32, maxCodePoints: u32, maxTokens: u32, keepUnknown: bool): u32 {
  const length = prefixBytes(input, bytes, maxCodePoints);
  beginTokens(maxTokens, keepUnknown);
  if (hasAddedTokens) appendWithAddedTokens(input, length);
  else if (tokenizer == <u32>tokenizerUnigram) appendSentence(input, length);
  else appendWords(0, normalize(input, length));
  return count;
}

/** Pools `count` ids from position `from` of `idsPointer` into `outputPointer` (f32 x width). */
export function poolIds(from: u32, count: u32, width: u32, normalizeVector: bool): void {
  pool(ids + ((<usize>from) << 2), count, width, normalizeVector);
}

/** Tokenizes and pools in one call; returns how many tokens the vector was made of. */
export function encode(
  bytes: u32,
  maxCodePoints: u32,
  maxTokens: u32,
  width: u32,
  normalizeVector: bool,
): u32 {
  tokenize(bytes, maxCodePoints, maxTokens, false);
  pool(ids, count, width, normalizeVector);
  return count;
}

/** The hash by which the vocabulary's table places the piece of `length` bytes at `pointer`. */
export function pieceHash(pointer: usize, length: u32, continuation: bool): u64 {
  return hashPiece(pointer, length, continuation);
}

/** XXH64 of `length` bytes at `pointer`. */
export function checksum(pointer: usize, length: u32): u64 {
  return xxHash64(pointer, length);
}

/** Prints `count` f32 at `values` as JSON numbers with commas between; returns the bytes of it, up to 24 a number. */
export function printNumbers(values: usize, count: u32, text: usize): u32 {
  return printNumbersAt(values, count, text);
}

/** Prints `length` bytes in base64; returns the bytes of it. Reads and writes up to 16 bytes past the ends. */
export function printBase64(bytes: usize, length: u32, text: usize): u32 {
  return printBase64At(bytes, length, text);
}
