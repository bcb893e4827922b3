/** The trie of a Unigram vocabulary: a double array over UTF-8, in the form that the kernel reads. */
import { labelUnused } from "./table-layout.ts";
import { trieIdShift, trieLeafBase, trieUnitWords } from "./unigram-layout.ts";
import { UnitSpace } from "./unit-space.ts";

/** A token as the trie has it. */
export interface TrieToken {
  readonly bytes: Uint8Array;
  readonly id: number;
}

/** Tokens [from, to) share their first `depth` bytes, which lead to `unit`. */
interface Branch {
  readonly unit: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/**
 * Builds the trie.
 *
 * @param tokens none of them empty, none twice, in any order
 * @returns units of two words; see `unigram-layout.ts`
 */
export function buildUnigramTrie(tokens: readonly TrieToken[]): Uint32Array {
  const sorted = tokens.toSorted((left, right) => compareBytes(left.bytes, right.bytes));
  const space = new UnitSpace(1);
  space.set(0, labelUnused);
  const bases = new Map<number, number>();
  const open: Branch[] = [{ unit: 0, from: 0, to: sorted.length, depth: 0 }];
  for (let branch = open.pop(); branch !== undefined; branch = open.pop()) {
    const { unit, depth } = branch;
    let { from } = branch;
    if (sorted[from]?.bytes.length === depth) {
      space.set(unit, space.get(unit) | ((sorted[from]!.id + 1) << trieIdShift));
      from++;
    }
    const children = childrenOf({ ...branch, from }, sorted);
    if (children.length === 0) continue;
    const base = space.place(children.map(({ label }) => label));
    bases.set(unit, base);
    for (const child of children) {
      const place = base + child.label;
      space.set(place, child.label);
      open.push({ unit: place, from: child.from, to: child.to, depth: depth + 1 });
    }
  }
  const labels = space.finish();
  const words = new Uint32Array(labels.length * trieUnitWords);
  labels.forEach((label, unit) => {
    words[unit * trieUnitWords] = bases.get(unit) ?? trieLeafBase;
    words[unit * trieUnitWords + 1] = label;
  });
  return words;
}

/** Runs of tokens by the byte that follows. */
function childrenOf({ from, to, depth }: Branch, tokens: readonly TrieToken[]) {
  const children: { label: number; from: number; to: number }[] = [];
  for (let at = from; at < to; ) {
    const label = tokens[at]!.bytes[depth]!;
    const first = at;
    while (at < to && tokens[at]!.bytes[depth] === label) at++;
    children.push({ label, from: first, to: at });
  }
  return children;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}

/** The tokens of a trie, in the order of their bytes; undefined where units lead in circles. */
export function readUnigramTrie(words: Uint32Array, maxTokenBytes: number): TrieToken[] | undefined {
  const tokens: TrieToken[] = [];
  const units = words.length / trieUnitWords;
  const path: number[] = [];
  const visit = (unit: number): boolean => {
    const base = words[unit * trieUnitWords]!;
    const id = words[unit * trieUnitWords + 1]! >>> trieIdShift;
    if (id > 0) tokens.push({ bytes: Uint8Array.from(path), id: id - 1 });
    if (path.length > maxTokenBytes || tokens.length > units) return false;
    for (let label = 0; label < labelUnused && base + label < units; label++) {
      const child = base + label;
      if ((words[child * trieUnitWords + 1]! & 0xff) !== label) continue;
      path.push(label);
      if (!visit(child)) return false;
      path.pop();
    }
    return true;
  };
  return visit(0) ? tokens : undefined;
}
