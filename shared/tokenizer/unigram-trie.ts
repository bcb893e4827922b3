/** The trie of a Unigram vocabulary: a double array over UTF-8, in the form that the kernel reads. */
import { trieFreeLabel, trieIdShift, trieUnitWords } from "./unigram-layout.ts";

/** A token as the trie has it. */
export interface TrieToken {
  readonly bytes: Uint8Array;
  readonly id: number;
}

/** Units of a block: a unit's children are all in one. */
const blockUnits = 256;

/**
 * Builds the trie.
 *
 * @param tokens none of them empty, none twice, in any order
 * @returns units of two words; see `table-layout.ts`
 */
export function buildUnigramTrie(tokens: readonly TrieToken[]): Uint32Array {
  const sorted = tokens.toSorted((left, right) => compareBytes(left.bytes, right.bytes));
  const units = new UnitPool();
  // Tokens [from, to) share their first `depth` bytes, which lead to `unit`.
  const place = (unit: number, from: number, to: number, depth: number): void => {
    let first = from;
    if (sorted[first]?.bytes.length === depth) {
      units.setId(unit, sorted[first]!.id);
      first++;
    }
    if (first === to) return;
    const labels: number[] = [];
    const begins: number[] = [];
    for (let i = first; i < to; i++) {
      const label = sorted[i]!.bytes[depth]!;
      if (label === labels.at(-1)) continue;
      labels.push(label);
      begins.push(i);
    }
    const base = units.takeChildren(unit, labels);
    labels.forEach((label, i) => {
      place(base ^ label, begins[i]!, begins[i + 1] ?? to, depth + 1);
    });
  };
  place(0, 0, sorted.length, 0);
  return units.words();
}

/** The tokens of a trie, in the order of their bytes; undefined where units lead in circles or nowhere. */
export function readUnigramTrie(words: Uint32Array, maxTokenBytes: number): TrieToken[] | undefined {
  const tokens: TrieToken[] = [];
  const path: number[] = [];
  const units = words.length / trieUnitWords;
  const visit = (unit: number): boolean => {
    const base = words[unit * trieUnitWords]!;
    const id = words[unit * trieUnitWords + 1]! >>> trieIdShift;
    if (id > 0) tokens.push({ bytes: Uint8Array.from(path), id: id - 1 });
    if (path.length > maxTokenBytes || tokens.length > units) return false;
    for (let label = 0; label < trieFreeLabel; label++) {
      const child = (base ^ label) >>> 0;
      if (child >= units) return false;
      if ((words[child * trieUnitWords + 1]! & 0xff) !== label) continue;
      path.push(label);
      if (!visit(child)) return false;
      path.pop();
    }
    return true;
  };
  return visit(0) ? tokens : undefined;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}

/** Hands out units; grows by blocks. */
class UnitPool {
  /** Children per unit: no two units may have the same. */
  readonly #bases = new Set<number>();
  /** The first block belongs to the root, and to units without children, which point to it and find none. */
  #words = newBlocks(1);
  #taken = new Uint8Array(blockUnits);
  /** Units before this one are taken, or have been passed over too often. */
  #firstFree = blockUnits;

  constructor() {
    this.#taken[0] = 1;
    this.#words[0] = 0;
  }

  setId(unit: number, id: number): void {
    this.#words[unit * trieUnitWords + 1]! |= (id + 1) << trieIdShift;
  }

  /** Takes a unit for each label, and makes them the children of `parent`; returns its base. */
  takeChildren(parent: number, labels: readonly number[]): number {
    const base = this.#findBase(labels);
    this.#bases.add(base);
    this.#words[parent * trieUnitWords] = base;
    for (const label of labels) {
      const unit = base ^ label;
      this.#taken[unit] = 1;
      this.#words[unit * trieUnitWords + 1] = label;
    }
    return base;
  }

  words(): Uint32Array {
    return this.#words;
  }

  #findBase(labels: readonly number[]): number {
    while (this.#taken[this.#firstFree] === 1) this.#firstFree++;
    // A few full blocks behind the end are worth a look; the whole table is not.
    const from = Math.max(this.#firstFree, this.#taken.length - 16 * blockUnits);
    for (let unit = from; ; unit++) {
      if (unit >= this.#taken.length) this.#grow();
      if (this.#taken[unit] === 1) continue;
      const base = unit ^ labels[0]!;
      if (this.#bases.has(base)) continue;
      if (labels.every((label) => this.#taken[base ^ label] === 0)) return base;
    }
  }

  #grow(): void {
    const taken = new Uint8Array(this.#taken.length + Math.max(blockUnits, (this.#taken.length >> 4) & ~255));
    taken.set(this.#taken);
    const words = newBlocks(taken.length / blockUnits);
    words.set(this.#words);
    this.#taken = taken;
    this.#words = words;
  }
}

/** Units that are nobody's children, without children: their base is the first block. */
function newBlocks(blocks: number): Uint32Array {
  const words = new Uint32Array(blocks * blockUnits * trieUnitWords);
  for (let unit = 0; unit < blocks * blockUnits; unit++) words[unit * trieUnitWords + 1] = trieFreeLabel;
  return words;
}
