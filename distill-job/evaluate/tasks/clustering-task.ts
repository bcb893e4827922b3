/** Clustering: do vectors of one label lie together? */
import { join } from "node:path";
import { clusterRows } from "../../clustering/cluster-rows.ts";
import { seededRandom } from "../../seeded-random.ts";
import { readLabelledTexts } from "../data/labelled-data.ts";
import { findSplitFile } from "../data/split-file.ts";
import type { Encoder } from "../encoder.ts";
import type { TaskScores } from "../task-result.ts";
import { vMeasure } from "../v-measure.ts";

/** Clusterings from different starting points, of which the mean is reported. */
const experiments = 3;

/** V-measure of k-means with as many clusters as there are labels, mean of 3 seeds. */
export async function clusteringTask(folder: string, split: string, encoder: Encoder): Promise<TaskScores[]> {
  const { texts, labels, names } = await readLabelledTexts(join(folder, await findSplitFile(folder, split)));
  const { values, dimensions } = await encoder.encode(texts);
  let sum = 0;
  for (let seed = 0; seed < experiments; seed++) {
    const { clusters } = await clusterRows(values, dimensions, names.length, seededRandom(seed));
    sum += vMeasure(labels, clusters);
  }
  const scores = { v_measure: sum / experiments };
  return [{ system: encoder.name, isPure: true, main: "v_measure", scores }];
}
