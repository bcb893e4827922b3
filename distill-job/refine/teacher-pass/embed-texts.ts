/** Runs texts through a teacher, each only once in its life. */
import type { TeacherVectors } from "../../teacher/embed-sequences.ts";
import { tokenBatch } from "../../teacher/token-batch.ts";
import type { TextTeacher } from "./text-teacher.ts";
import { keyOf, VectorCache } from "./vector-cache.ts";

/** Texts per batch: enough to keep a core busy, few enough to lose little by an interruption. */
const textsPerBatch = 64;

/** Marks what is a token rather than a text, in the cache's keys. */
const tokenMark = "\u0000token\u0000";

export interface Passage {
  readonly key: string;
  readonly ids: () => number[];
}

/** @returns what the teacher is asked for every text */
export function textPassages(teacher: TextTeacher, texts: readonly string[]): Passage[] {
  return texts.map((text) => ({ key: keyOf(text), ids: () => teacher.tokenize(text) }));
}

/** @returns what the teacher is asked for every token of a vocabulary */
export function tokenPassages(teacher: TextTeacher, tokens: readonly string[]): Passage[] {
  return tokens.map((token) => ({ key: keyOf(tokenMark + token), ids: () => teacher.tokenizeToken(token) }));
}

/**
 * Embeds passages, those that the cache lacks by the teacher.
 *
 * Batches are made of passages of like length, and an interruption leaves whole batches in the cache: a
 * teacher of 8 bits gives a text another vector in other company, and a run that goes on after an interruption
 * must end like one that was not interrupted.
 *
 * @param cacheDirectory where vectors are kept
 * @param onProgress called with the passages done so far; not at all if the cache has them all
 * @returns vectors in the order of the passages
 * @throws NearvecError teacher_invalid, or invalid_request if the cache cannot be written
 */
export async function embedPassages(
  teacher: TextTeacher,
  passages: readonly Passage[],
  cacheDirectory: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<TeacherVectors> {
  const cache = await cachePassages(teacher, passages, cacheDirectory, onProgress);
  try {
    const values = new Float32Array(passages.length * teacher.dimensions);
    await cache.readAll(
      passages.map(({ key }) => key),
      values,
    );
    return { values, rows: passages.length, dimensions: teacher.dimensions };
  } finally {
    await cache.close();
  }
}

/**
 * The same, but leaves the vectors in the cache.
 * @returns the cache, open, with a vector for every passage
 */
export async function cachePassages(
  teacher: TextTeacher,
  passages: readonly Passage[],
  cacheDirectory: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<VectorCache> {
  const cache = await VectorCache.open(cacheDirectory, teacher.identity, teacher.dimensions);
  try {
    if (passages.some(({ key }) => !cache.has(key))) await fill(cache, teacher, passages, onProgress);
    return cache;
  } catch (error) {
    await cache.close();
    throw error;
  }
}

async function fill(
  cache: VectorCache,
  { teacher, padId }: TextTeacher,
  passages: readonly Passage[],
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const sequences = passages.map(({ ids }) => ids());
  const order = sequences.map((_, i) => i).sort((a, b) => sequences[a]!.length - sequences[b]!.length);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < order.length) {
      const members = order.slice(next, next + textsPerBatch);
      next += members.length;
      const batch = members.filter((i) => !cache.has(passages[i]!.key));
      if (batch.length > 0) {
        const vectors = await teacher.embed(
          tokenBatch(
            batch.map((i) => sequences[i]!),
            padId,
          ),
        );
        await cache.append(
          batch.map((i) => passages[i]!.key),
          finite(vectors),
        );
      }
      done += members.length;
      onProgress(done, order.length);
    }
  };
  onProgress(0, order.length);
  await Promise.all(Array.from({ length: teacher.concurrency }, work));
}

/** A text that the teacher can make nothing of gets zeros, and thereby no target. */
function finite(vectors: Float32Array): Float32Array {
  return vectors.map((value) => (Number.isFinite(value) ? value : 0));
}
