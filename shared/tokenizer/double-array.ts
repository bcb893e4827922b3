/**
 * Tries as a double array (Aoe 1989, "An efficient digital search algorithm by using a double-array
 * structure"). Only what keys share is in the units: what is left of a key where it parts from all others is
 * stored as it is. `shared/tokenizer/table-layout.ts` has the layout.
 */
import { NearvecError } from "../errors.ts";
import {
  labelEnd,
  labelUnused,
  unitBaseShift,
  unitEndBit,
  unitEntryShift,
  unitLeafBit,
} from "./table-layout.ts";
import { UnitSpace } from "./unit-space.ts";

export interface TrieKey {
  readonly bytes: Uint8Array;
  /** What is found with the key, a u32. */
  readonly value: number;
}

export interface DoubleArray {
  /** The unit of this number is the root of the trie of this number. */
  readonly units: Uint32Array;
  readonly entries: Uint32Array;
}

/** Keys [from, to) are alike in their first `depth` bytes, which lead to `unit`. */
interface Branch {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/**
 * Builds one array of several tries.
 *
 * @param tries the keys of each, distinct, none empty, in the order of their bytes
 * @throws NearvecError tokenizer_unsupported if a unit cannot address what it should
 */
export function buildDoubleArray(tries: readonly (readonly TrieKey[])[]): DoubleArray {
  const space = new UnitSpace(tries.length);
  const entries = new EntryWriter();
  tries.forEach((keys, root) => {
    space.set(root, labelUnused);
    const open: Branch[] = keys.length === 0 ? [] : [{ unit: root, from: 0, to: keys.length, depth: 0 }];
    for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
      const children = childrenOf(branch, keys);
      const labels = children.map(({ label }) => label);
      const base = space.place(labels);
      const ends = labels.at(-1) === labelEnd ? unitEndBit : 0;
      space.set(branch.unit, space.get(branch.unit) | ends | (base << unitBaseShift));
      for (const { label, from, to } of children) {
        const unit = base + label;
        const depth = branch.depth + 1;
        if (to - from > 1) {
          space.set(unit, label);
          open.push({ unit, from, to, depth });
        } else {
          const entry = entries.append(keys[from]!.value, keys[from]!.bytes.subarray(depth));
          space.set(unit, label | unitLeafBit | (entry << unitEntryShift));
        }
      }
    }
  });
  const units = space.finish();
  checkAddresses(units.length, unitBaseShift);
  checkAddresses(entries.words, unitEntryShift);
  return { units, entries: entries.finish() };
}

/** Runs of keys by the byte that follows, the key that ends here last, which its order among bytes is. */
function childrenOf({ from, to, depth }: Branch, keys: readonly TrieKey[]) {
  const children: { label: number; from: number; to: number }[] = [];
  const ends = keys[from]!.bytes.length === depth;
  for (let at = ends ? from + 1 : from; at < to; ) {
    const label = keys[at]!.bytes[depth]!;
    const first = at;
    while (at < to && keys[at]!.bytes[depth] === label) at++;
    children.push({ label, from: first, to: at });
  }
  if (ends) children.push({ label: labelEnd, from, to: from + 1 });
  return children;
}

function checkAddresses(count: number, shift: number): void {
  const most = 2 ** (32 - shift);
  if (count <= most) return;
  throw new NearvecError(
    "tokenizer_unsupported",
    `Expected added tokens and phrases that fit into ${most} places, got ${count}. Add fewer, or shorter ones.`,
    { param: "vocabulary" },
  );
}

/** Values with the rest of their keys, one after another. */
class EntryWriter {
  #words = new Uint32Array(1024);
  words = 0;

  /** @returns where the entry is, in words */
  append(value: number, rest: Uint8Array): number {
    const at = this.words;
    this.words += 1 + Math.ceil((rest.length + 1) / 4);
    if (this.words > this.#words.length) {
      const larger = new Uint32Array(Math.max(this.words, this.#words.length * 2));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[at] = value;
    const bytes = new Uint8Array(this.#words.buffer, (at + 1) * 4);
    bytes.set(rest);
    bytes[rest.length] = labelEnd;
    return at;
  }

  finish(): Uint32Array {
    return this.#words.slice(0, this.words);
  }
}
