/** Leaves out texts that stand in a corpus twice, or almost twice. */
import { exactKey, sharedShingles, shinglesOf } from "./shingles.ts";

/** Jaccard similarity of shingles from which on a text counts as a copy. */
const nearDuplicate = 0.7;

/**
 * Smallest hashes by which a text is found again. Two texts of Jaccard similarity 0.7 share at least one of
 * their four smallest with a probability above 0.95 (min-wise hashing, Broder 1997).
 */
const sketchSize = 4;

export interface Deduplicated {
  /** The first of all texts that are alike, in their order. */
  readonly texts: string[];
  /** Texts left out because they differ in nothing but case, accents and punctuation. */
  readonly exact: number;
  /** Texts left out because they share most of their sequences of words with one that was kept. */
  readonly near: number;
}

export function deduplicate(texts: Iterable<string>): Deduplicated {
  const kept: string[] = [];
  const keys = new Set<string>();
  const bySketch = new Map<number, number[]>();
  let exact = 0;
  let near = 0;
  for (const text of texts) {
    const key = exactKey(text);
    if (keys.has(key)) {
      exact++;
      continue;
    }
    keys.add(key);
    const shingles = shinglesOf(text);
    const sketch = [...shingles].sort((a, b) => a - b).slice(0, sketchSize);
    const candidates = new Set(sketch.flatMap((hash) => bySketch.get(hash) ?? []));
    if ([...candidates].some((i) => jaccard(shingles, shinglesOf(kept[i]!)) >= nearDuplicate)) {
      near++;
      continue;
    }
    for (const hash of sketch) bySketch.set(hash, [...(bySketch.get(hash) ?? []), kept.length]);
    kept.push(text);
  }
  return { texts: kept, exact, near };
}

function jaccard(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
  const shared = sharedShingles(left, right);
  return shared / (left.size + right.size - shared);
}
