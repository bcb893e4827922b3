/** Keeps evaluation texts out of what is trained on. */
import { exactKey, sharedShingles, shinglesOf } from "./shingles.ts";

/** Share of the shorter text's shingles from which on one text is in the other. */
const containment = 0.5;

export interface Decontaminated {
  readonly texts: string[];
  /** Texts left out. */
  readonly removed: number;
}

/**
 * Leaves out every text that equals an evaluation text but for case, accents and punctuation, or shares half
 * of the shorter one's sequences of five words with it: copies, excerpts and texts that quote one.
 */
export function decontaminate(texts: readonly string[], evaluation: readonly string[]): Decontaminated {
  const keys = new Set(evaluation.map(exactKey));
  const shingles = evaluation.map(shinglesOf);
  const holders = new Map<number, number[]>();
  shingles.forEach((set, i) => {
    for (const shingle of set) {
      const at = holders.get(shingle);
      if (at === undefined) holders.set(shingle, [i]);
      else at.push(i);
    }
  });
  const isForeign = (text: string): boolean => {
    if (keys.has(exactKey(text))) return false;
    const own = shinglesOf(text);
    const candidates = new Set([...own].flatMap((shingle) => holders.get(shingle) ?? []));
    return ![...candidates].some((i) => {
      const other = shingles[i]!;
      return sharedShingles(own, other) >= containment * Math.min(own.size, other.size);
    });
  };
  const kept = texts.filter(isForeign);
  return { texts: kept, removed: texts.length - kept.length };
}
