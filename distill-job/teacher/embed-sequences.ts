/** Runs many sequences through a teacher, in batches that are the same every time. */
import type { Teacher } from "./teacher.ts";
import { tokenBatch } from "./token-batch.ts";

/**
 * Sequences per batch: model2vec's. A teacher of 8 bits scales its activations by the largest one of the
 * batch, so who is in a batch with whom is part of the result.
 */
export const sequencesPerBatch = 256;

/** One vector per sequence. */
export interface TeacherVectors {
  /** rows x dimensions values. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly dimensions: number;
}

/**
 * Embeds sequences as model2vec 0.8 does (`distill/inference.py`, `create_embeddings`): batches of
 * sequences of like length, shortest first; what is not a number becomes 0.
 *
 * @param sequences token ids, at least one sequence
 * @param padId id to fill up shorter sequences with
 * @param onProgress called with the sequences done so far, at first with 0
 * @returns vectors in the order of the sequences
 * @throws NearvecError teacher_invalid
 */
export async function embedSequences(
  teacher: Teacher,
  sequences: readonly (readonly number[])[],
  padId: number,
  onProgress: (done: number) => void = () => {},
): Promise<TeacherVectors> {
  // Array.prototype.sort is stable: sequences of one length stay in their order.
  const order = sequences.map((_, i) => i).sort((a, b) => sequences[a]!.length - sequences[b]!.length);
  let values = new Float32Array(0);
  let dimensions = 0;
  let next = 0;
  let done = 0;

  const work = async (): Promise<void> => {
    while (next < order.length) {
      const members = order.slice(next, next + sequencesPerBatch);
      next += members.length;
      const vectors = await teacher.embed(
        tokenBatch(
          members.map((i) => sequences[i]!),
          padId,
        ),
      );
      if (dimensions === 0) {
        dimensions = vectors.length / members.length;
        values = new Float32Array(sequences.length * dimensions);
      }
      members.forEach((sequence, row) => {
        values.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), sequence * dimensions);
      });
      done += members.length;
      onProgress(done);
    }
  };
  onProgress(0);
  await Promise.all(Array.from({ length: teacher.concurrency }, work));
  replaceNonNumbers(values);
  return { values, rows: sequences.length, dimensions };
}

/** NumPy's `nan_to_num`: NaN becomes 0, infinities the largest float32. */
function replaceNonNumbers(values: Float32Array): void {
  const largest = 3.4028234663852886e38;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) continue;
    values[i] = Number.isNaN(value) ? 0 : Math.sign(value) * largest;
  }
}
