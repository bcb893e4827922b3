/** Semantic textual similarity: do cosines order pairs of sentences as people do? */
import { readSimilarityPairs } from "../data/similarity-data.ts";
import type { Encoder } from "../encoder.ts";
import { spearman } from "../spearman.ts";
import type { TaskScores } from "../task-result.ts";
import { dot, rowOf } from "../vectors.ts";

/** Spearman's correlation of the pairs' cosines with their scores: STSBenchmark's and MTEB's measure. */
export async function similarityTask(path: string, encoder: Encoder): Promise<TaskScores[]> {
  const pairs = await readSimilarityPairs(path);
  const first = await encoder.encode(pairs.map((pair) => pair.first));
  const second = await encoder.encode(pairs.map((pair) => pair.second));
  const cosines = pairs.map((_, i) => dot(rowOf(first, i), rowOf(second, i)));
  const correlation = spearman(
    cosines,
    pairs.map((pair) => pair.score),
  );
  const scores = { cosine_spearman: correlation };
  return [{ system: encoder.name, isPure: true, main: "cosine_spearman", scores }];
}
