/**
 * Sentences with two of their words exchanged for others, such that every word of the vocabulary comes in some.
 *
 * Of the words that a tokenizer knows whole, free collections hold many seldom or never: what they do to a
 * sentence is not what their own vectors say. Whether the sentence makes sense does not matter: the teachers
 * say where it lies.
 */
import { shuffle } from "../../seeded-random.ts";
import { anyOf } from "./common-words.ts";

/** Words of a sentence: among fewer, two others are all that is left of it; of more, they are too small a part. */
const minWords = 5;
const maxWords = 22;
/** Letters of a word that is exchanged: shorter ones hold the sentence together. */
const minLetters = 4;

/**
 * @param words that are to come in sentences
 * @param times how often each one comes
 * @param random gives numbers from 0 to below 1
 */
export function exchangeWords(
  sentences: readonly string[],
  words: readonly string[],
  times: number,
  random: () => number,
): string[] {
  const frames = sentences
    .map((sentence) => sentence.split(" "))
    .filter(({ length }) => length >= minWords && length <= maxWords)
    .map((parts) => ({ parts, places: longWords(parts) }))
    .filter(({ places }) => places.length >= 2);
  const queue = shuffle(
    words.flatMap((word) => new Array<string>(times).fill(word)),
    random,
  );
  if (frames.length === 0) return [];
  return Array.from({ length: Math.floor(queue.length / 2) }, (_, i) => {
    const { parts, places } = anyOf(frames, random);
    const [first, second] = shuffle([...places], random);
    return parts
      .with(first!, queue[2 * i]!)
      .with(second!, queue[2 * i + 1]!)
      .join(" ");
  });
}

function longWords(parts: readonly string[]): number[] {
  return parts.flatMap((part, place) => (part.length >= minLetters ? [place] : []));
}
