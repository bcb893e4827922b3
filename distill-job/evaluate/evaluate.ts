/** Runs encoders over data sets. */
import type { Dataset } from "./data/find-datasets.ts";
import type { Encoder } from "./encoder.ts";
import type { TaskResult, TaskScores } from "./task-result.ts";
import { classificationTask } from "./tasks/classification-task.ts";
import { clusteringTask } from "./tasks/clustering-task.ts";
import { retrievalTask } from "./tasks/retrieval-task.ts";
import { similarityTask } from "./tasks/similarity-task.ts";

/**
 * Evaluates one encoder on every data set.
 *
 * @param onDataset called before each
 * @throws NearvecError not_found, invalid_request for data that cannot be read
 */
export async function evaluate(
  encoder: Encoder,
  datasets: readonly Dataset[],
  split: string,
  onDataset: (dataset: Dataset) => void = () => {},
): Promise<TaskResult[]> {
  const results: TaskResult[] = [];
  for (const dataset of datasets) {
    onDataset(dataset);
    const started = performance.now();
    const found = await scoresOn(dataset, split, encoder);
    const seconds = (performance.now() - started) / 1000;
    results.push(...found.map((scores) => ({ ...scores, dataset, split, seconds })));
  }
  return results;
}

function scoresOn({ task, path }: Dataset, split: string, encoder: Encoder): Promise<TaskScores[]> {
  switch (task) {
    case "sts":
      return similarityTask(path, encoder);
    case "retrieval":
      return retrievalTask(path, split, encoder);
    case "classification":
      return classificationTask(path, split, encoder);
    case "clustering":
      return clusteringTask(path, split, encoder);
  }
}
