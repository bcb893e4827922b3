/** The most frequent words of a corpus, as a tokenizer's normalizer leaves them. */
import { NearvecError } from "../../shared/errors.ts";
import type { NormalizerOptions } from "../../shared/tokenizer/character-facts.ts";
import { splitIntoWords } from "../../shared/tokenizer/normalize-text.ts";

/** Which words of a corpus to take. */
export interface WordChoice {
  /** At most so many. */
  readonly top: number;
  /** Only those that come at least so often. */
  readonly minCount: number;
}

export interface FrequentWords {
  /** The most frequent first; among equals, in the order of their code units. */
  readonly words: readonly string[];
  /** Different words of the corpus. */
  readonly distinct: number;
  /** Words that come too seldom. */
  readonly rare: number;
  /** Words that come often enough, but less often than all that are taken. */
  readonly beyondTop: number;
}

/**
 * Takes the most frequent words. Those that are normalized alike count as one, which is written as most of its
 * occurrences are.
 *
 * @param counts words as they are written, from `countWords`
 * @throws NearvecError invalid_request if there are none
 */
export function frequentWords(
  counts: ReadonlyMap<string, number>,
  options: NormalizerOptions,
  { top, minCount }: WordChoice,
): FrequentWords {
  const written = [...counts].sort(byCount);
  const normalized = new Map<string, { word: string; count: number }>();
  for (const [word, count] of written) {
    const key = splitIntoWords(word, options).join(" ");
    if (key === "") continue;
    const known = normalized.get(key);
    if (known) known.count += count;
    else normalized.set(key, { word, count });
  }
  const distinct = normalized.size;
  if (distinct === 0) {
    throw invalid("Expected words in the corpus, it has none. Check its path and that it is not empty.");
  }
  const sorted = [...normalized].map(([key, { word, count }]) => [key, count, word] as const).sort(byCount);
  const frequent = sorted.filter(([, count]) => count >= minCount);
  if (frequent.length === 0) {
    const [key, count] = sorted[0]!;
    throw invalid(
      `Expected words that come at least ${minCount} times in the corpus, the most frequent of ${distinct}, ${JSON.stringify(key)}, comes ${count} times. Lower --min-count.`,
    );
  }
  const words = frequent.slice(0, top).map(([, , word]) => word);
  return {
    words,
    distinct,
    rare: distinct - frequent.length,
    beyondTop: frequent.length - words.length,
  };
}

type Counted = readonly [key: string, count: number, ...rest: unknown[]];

function byCount([left, leftCount]: Counted, [right, rightCount]: Counted): number {
  return rightCount - leftCount || (left < right ? -1 : 1);
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "vocabulary-from" });
}
