/** Where the units of a double array are still free, and where a set of children fits in. */
import { labelUnused } from "./table-layout.ts";

/** Free units that are tried for one set of children: more would fill a few holes and take minutes. */
const maxAttempts = 128;
/** Free units given up after a search in vain, lowest first, so that the next does not end there as well. */
const dropped = 16;

/** Labels below a base, and so the units that must be there to look for any of them. */
const labels = 256;

const none = -1;

export class UnitSpace {
  #units = new Uint32Array();
  /** A base belongs to one parent: with two, each would find the other's children. */
  #takenBases = new Uint8Array();
  /** The free units before `#end` in their order, as a doubly linked list. */
  #next = new Int32Array();
  #previous = new Int32Array();
  #firstFree = none;
  #lastFree = none;
  /** All units from here on are free and not in the list. */
  #end = 0;
  #highestBase = 0;

  /** @param reserved units from 0 on that belong to nobody's children */
  constructor(reserved: number) {
    this.#grow(Math.max(1024, reserved));
    this.#end = reserved;
  }

  get(unit: number): number {
    return this.#units[unit]!;
  }

  set(unit: number, value: number): void {
    this.#units[unit] = value;
  }

  /**
   * Finds a base at which all children are free, and takes it and them.
   * @param children their labels, in ascending order
   */
  place(children: readonly number[]): number {
    const first = children[0]!;
    let attempts = 0;
    let free = this.#firstFree;
    while (free !== none && attempts < maxAttempts && !this.#fits(free - first, children)) {
      attempts++;
      free = this.#next[free]!;
    }
    if (attempts === maxAttempts) this.#drop();
    const found = free !== none && attempts < maxAttempts;
    const base = found ? free - first : this.#baseAtEnd(children);
    this.#extend(base + children.at(-1)! + 1);
    for (const label of children) this.#take(base + label);
    this.#takenBases[base] = 1;
    this.#highestBase = Math.max(this.#highestBase, base);
    return base;
  }

  /** The units, with enough of them at the end to look for any child of the last parent. */
  finish(): Uint32Array {
    this.#grow(this.#highestBase + labels);
    return this.#units.slice(0, Math.max(this.#end, this.#highestBase + labels));
  }

  #fits(base: number, children: readonly number[]): boolean {
    if (base < 0 || this.#takenBases[base] === 1) return false;
    return children.every((label) => {
      const unit = base + label;
      return unit >= this.#end || this.#isListed(unit);
    });
  }

  /** Units that were dropped are in no list and stay free for good. */
  #isListed(unit: number): boolean {
    return this.#previous[unit] !== none || this.#firstFree === unit;
  }

  #baseAtEnd(children: readonly number[]): number {
    let base = Math.max(0, this.#end - children[0]!);
    // At the very beginning, several parents may want the same one.
    while (this.#takenBases[base] === 1) base++;
    return base;
  }

  #extend(end: number): void {
    this.#grow(end);
    for (; this.#end < end; this.#end++) {
      this.#previous[this.#end] = this.#lastFree;
      this.#next[this.#end] = none;
      if (this.#lastFree === none) this.#firstFree = this.#end;
      else this.#next[this.#lastFree] = this.#end;
      this.#lastFree = this.#end;
    }
  }

  #take(unit: number): void {
    const next = this.#next[unit]!;
    const previous = this.#previous[unit]!;
    if (previous === none) this.#firstFree = next;
    else this.#next[previous] = next;
    if (next === none) this.#lastFree = previous;
    else this.#previous[next] = previous;
    this.#previous[unit] = none;
  }

  #drop(): void {
    for (let i = 0; i < dropped && this.#firstFree !== none; i++) this.#take(this.#firstFree);
  }

  #grow(needed: number): void {
    const size = this.#units.length;
    if (needed <= size) return;
    const larger = Math.max(needed, size * 2);
    const units = new Uint32Array(larger).fill(labelUnused, size);
    units.set(this.#units);
    this.#units = units;
    this.#takenBases = copied(this.#takenBases, new Uint8Array(larger));
    this.#next = copied(this.#next, new Int32Array(larger));
    this.#previous = copied(this.#previous, new Int32Array(larger).fill(none));
  }
}

function copied<Numbers extends Uint8Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
