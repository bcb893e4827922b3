/**
 * SentencePiece's precompiled character map: the bytes of its trie as a u32, a double array of u32 units
 * (darts-clone), then the replacements, each ended by a zero byte.
 */
import { NearvecError } from "../errors.ts";

/** A character, or several, and what they become. */
export interface CharsmapEntry {
  readonly key: Uint8Array;
  readonly replacement: string;
}

/** Bytes of the longest key to believe in: real ones have fewer than 32. */
const maxKeyBytes = 64;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Every entry of a map.
 * @throws NearvecError tokenizer_unsupported for bytes that are no such map
 */
export function charsmapEntries(charsmap: Uint8Array): CharsmapEntry[] {
  const { units, replacements } = parseCharsmap(charsmap);
  const entries: CharsmapEntry[] = [];
  const key: number[] = [];
  const visit = (node: number): void => {
    if (key.length > maxKeyBytes) throw damaged();
    for (let byte = 1; byte <= 0xff; byte++) {
      const child = node ^ byte;
      const unit = units[child];
      if (unit === undefined) throw damaged();
      if ((unit & 0x800000ff) >>> 0 !== byte) continue;
      const next = child ^ offsetOf(unit);
      key.push(byte);
      if (unit & 0x100) {
        const value = units[next];
        if (value === undefined) throw damaged();
        entries.push({
          key: Uint8Array.from(key),
          replacement: replacementAt(replacements, value & 0x7fffffff),
        });
      }
      visit(next);
      key.pop();
    }
  };
  visit(offsetOf(units[0] ?? 0));
  return entries;
}

function parseCharsmap(charsmap: Uint8Array): { units: Uint32Array; replacements: Uint8Array } {
  const view = new DataView(charsmap.buffer, charsmap.byteOffset, charsmap.byteLength);
  const trieBytes = charsmap.length >= 8 ? view.getUint32(0, true) : 0;
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > charsmap.length) throw damaged();
  const units = Uint32Array.from({ length: trieBytes / 4 }, (_, i) => view.getUint32(4 + i * 4, true));
  return { units, replacements: charsmap.subarray(4 + trieBytes) };
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >> 6);
}

function replacementAt(replacements: Uint8Array, from: number): string {
  const end = replacements.indexOf(0, from);
  if (from > replacements.length) throw damaged();
  try {
    return decoder.decode(replacements.subarray(from, end < 0 ? undefined : end));
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): NearvecError {
  return new NearvecError(
    "tokenizer_unsupported",
    "Expected a precompiled_charsmap of SentencePiece, got something else. Download the tokenizer again.",
    { param: "tokenizer.json", cause },
  );
}
