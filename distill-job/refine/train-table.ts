/** The arithmetic of a refinement: vectors of the teachers in, a table out. */
import { conjugateGradients } from "./conjugate-gradients.ts";
import { type EpochQuality, trainContrastively } from "./contrastive-training.ts";
import type { Core } from "./core/core.ts";
import { type SharedMatrix, valuesOf } from "./core/shared-matrix.ts";
import { multiply, type SparseMatrix, sparseMatrix } from "./core/sparse-matrix.ts";
import { equalizeDimensions } from "./equalize-dimensions.ts";
import { maxLeastSquaresTokens, maxWhiteningTexts, type RefineSettings } from "./refine-options.ts";
import { placeInSpace, targetSpace } from "./targets.ts";
import type { VectorSource } from "./teacher-pass/vector-source.ts";
import { corpusSifWeights, distinctWeights, meanWeights } from "./token-weights.ts";

/** What one teacher had to say. */
export interface TrainedTeacher {
  readonly name: string;
  readonly identity: readonly string[];
  readonly weight: number;
  /** Of every text. */
  readonly texts: VectorSource;
  /** Of every token of the vocabulary. */
  readonly tokens: VectorSource;
}

export interface TrainListener {
  onStage(stage: "targets" | "leastSquares" | "contrastive"): void;
  onEpoch(quality: EpochQuality): void;
}

/**
 * Trains a table: begins with the teachers' vectors of the tokens times weights by corpus frequency, solves
 * for the targets by least squares, then trains contrastively, and at last equalizes the dimensions.
 *
 * @param ids the tokens of every text
 * @param trainTexts the first so many texts are trained on, the others held out
 * @returns tokens x dimensions, and the epochs that are in them
 */
export async function trainTable(
  core: Core,
  ids: readonly Uint32Array[],
  teachers: readonly TrainedTeacher[],
  trainTexts: number,
  dimensions: number,
  settings: RefineSettings,
  random: () => number,
  listener: TrainListener,
): Promise<{ values: Float32Array; epochs: number }> {
  const { memory, threads } = core;
  const weighted = teachers.map(({ texts, weight }) => ({ vectors: texts, weight }));
  const space = await targetSpace(weighted, dimensions, threads);
  const targets = await placeInSpace(
    core,
    space,
    teachers.map(({ texts }) => texts),
    true,
  );
  const table = await placeInSpace(
    core,
    space,
    teachers.map(({ tokens }) => tokens),
    false,
  );
  scaleRows(table, corpusSifWeights(ids, table.rows, settings.sifCoefficient));
  listener.onStage("targets");

  if (settings.iterations > 0) {
    await memory.scratch(async () => {
      const pooling = sparseMatrix(memory, trainTexts, table.rows, (text) =>
        meanWeights(ids[text]!.subarray(0, maxLeastSquaresTokens)),
      );
      const trainTargets = { ...targets, rows: trainTexts };
      await makeAsLongAsTargets(core, pooling, table);
      await conjugateGradients(core, pooling, trainTargets, table, settings);
    });
  }
  listener.onStage("leastSquares");

  const weightsOf = (text: number) =>
    settings.pooling === "distinct"
      ? distinctWeights(ids[text]!, settings.windowTokens)
      : meanWeights(ids[text]!);
  let epochs = 0;
  if (settings.epochs > 0) {
    const pooling = sparseMatrix(memory, ids.length, table.rows, weightsOf);
    const data = { pooling, targets, table };
    epochs = await trainContrastively(core, data, trainTexts, settings, random, listener.onEpoch);
  }
  if (settings.whitening > 0) {
    // Texts are in random order.
    const pooling = sparseMatrix(memory, Math.min(trainTexts, maxWhiteningTexts), table.rows, weightsOf);
    await equalizeDimensions(core, pooling, table, settings.whitening);
  }
  listener.onStage("contrastive");
  return { values: valuesOf(table), epochs };
}

/**
 * Scales a table so that its pooled vectors have length 1 (root mean square), as the targets do. Least squares
 * hold rare tokens to where they began: were they shorter than what frequent ones are moved to, the tokens
 * that say most would count least.
 */
async function makeAsLongAsTargets(core: Core, pooling: SparseMatrix, table: SharedMatrix): Promise<void> {
  await core.memory.scratch(async () => {
    const pooled = core.memory.matrix(pooling.rows, table.columns);
    await multiply(core, pooling, table, pooled);
    const squares = pooled.view.reduce((sum, value) => sum + value * value, 0);
    if (squares > 0) scaleRows(table, new Float64Array(table.rows).fill(Math.sqrt(pooling.rows / squares)));
  });
}

function scaleRows({ view, width }: SharedMatrix, factors: Float64Array): void {
  factors.forEach((factor, row) => {
    for (let i = row * width; i < (row + 1) * width; i++) view[i]! *= factor;
  });
}
