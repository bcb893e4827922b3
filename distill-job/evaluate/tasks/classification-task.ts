/** Classification: can a linear model tell labels apart by the vectors? */
import { join } from "node:path";
import { seededRandom, shuffle } from "../../seeded-random.ts";
import { type LabelledTexts, readLabelledTexts } from "../data/labelled-data.ts";
import { findSplitFile } from "../data/split-file.ts";
import type { Encoder } from "../encoder.ts";
import { fitLogistic, predictLogistic } from "../logistic-regression.ts";
import type { TaskScores } from "../task-result.ts";
import { rowOf, type Vectors } from "../vectors.ts";

/** MTEB 2 (`AbsTaskClassification`): training texts per label, and how often others are drawn. */
export const samplesPerLabel = 8;
export const experiments = 10;

/**
 * Accuracy of a logistic regression that has seen 8 training texts of each label, mean of 10 draws, as MTEB
 * measures it; seeded, so that two models learn from the same texts.
 */
export async function classificationTask(
  folder: string,
  split: string,
  encoder: Encoder,
): Promise<TaskScores[]> {
  const train = await readLabelledTexts(join(folder, await findSplitFile(folder, "train")));
  const test = await readLabelledTexts(join(folder, await findSplitFile(folder, split)), train.names);
  const trainVectors = await encoder.encode(train.texts);
  const testVectors = await encoder.encode(test.texts);
  let sum = 0;
  for (let experiment = 0; experiment < experiments; experiment++) {
    const sample = drawSample(train, seededRandom(experiment));
    const model = fitLogistic(
      pick(trainVectors, sample),
      Int32Array.from(sample, (row) => train.labels[row]!),
      train.names.length,
    );
    const hits = test.labels.filter(
      (label, row) => predictLogistic(model, rowOf(testVectors, row)) === label,
    );
    sum += hits.length / test.labels.length;
  }
  const scores = { accuracy: sum / experiments };
  return [{ system: encoder.name, isPure: true, main: "accuracy", scores }];
}

/** Rows of up to `samplesPerLabel` texts of every label. */
function drawSample({ labels, names }: LabelledTexts, random: () => number): number[] {
  const counts = names.map(() => 0);
  const rows = shuffle([...labels.keys()], random);
  return rows.filter((row) => {
    const label = labels[row]!;
    counts[label]! += 1;
    return counts[label]! <= samplesPerLabel;
  });
}

function pick(vectors: Vectors, rows: readonly number[]): Vectors {
  const { dimensions } = vectors;
  const values = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    values.set(rowOf(vectors, row), i * dimensions);
  });
  return { values, rows: rows.length, dimensions };
}
