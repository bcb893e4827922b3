/** The contrastive stage: a text's vector learns to find its own teacher among those of like texts. */
import { ContrastiveBatch, RowAdam, type TrainingData, touchedRows } from "./contrastive-batch.ts";
import type { Core } from "./core/core.ts";
import { clusterOf, similarBatches } from "./similar-texts.ts";

export interface ContrastiveOptions {
  readonly epochs: number;
  readonly batchTexts: number;
  /** Texts of one cluster that come into a batch together. */
  readonly groupTexts: number;
  /** What cosines are divided by before the softmax. */
  readonly temperature: number;
  /** First learning rate, as a share of the root mean square of the table's values; it falls to 0. */
  readonly learningRate: number;
}

/**
 * Epochs without a better loss that training goes on for: the first ones, at a high rate, may make up later for
 * what they spoil.
 */
const patienceEpochs = 2;

/** How well texts find their teachers. */
export interface EpochQuality {
  /** Epochs trained; 0 before the first. */
  readonly epoch: number;
  /** Mean loss over the epoch's batches, as they came; not known at first. */
  readonly trainLoss: number | null;
  /** Mean loss over held-out texts; null if there are none. */
  readonly heldOutLoss: number | null;
  /** Mean cosine of held-out texts with their own teachers. */
  readonly heldOutCosine: number | null;
}

/**
 * Trains the table of `data` in place. Stops when two epochs in a row have not made the loss of the held-out
 * texts better, and leaves the table as it was when that was least.
 *
 * @param trainTexts the first so many texts are trained on, the others are held out
 * @param onEpoch called before the first epoch and after every one
 * @returns epochs that the table has in it
 */
export async function trainContrastively(
  core: Core,
  data: TrainingData,
  trainTexts: number,
  options: ContrastiveOptions,
  random: () => number,
  onEpoch: (quality: EpochQuality) => void = () => {},
): Promise<number> {
  return core.memory.scratch(async () => {
    const { table, pooling } = data;
    const clusters = await clusterOf(core, data.targets, trainTexts, random);
    const heldOut = heldOutBatches(trainTexts, pooling.rows, options.batchTexts);
    const measure = await heldOutMeasure(core, data, heldOut, options.temperature);
    const adam = new RowAdam(core, table);
    const places = new Uint32Array(table.rows);
    const size = Math.min(options.batchTexts, trainTexts - (trainTexts % 4));
    const batch = new ContrastiveBatch(core, data, size, options.temperature);
    const rate = options.learningRate * rootMeanSquare(table.view);
    let best = { ...(await measure()), epoch: 0, trainLoss: null as number | null };
    let kept = table.view.slice();
    onEpoch(best);
    for (let epoch = 1; epoch <= options.epochs; epoch++) {
      const batches = similarBatches(clusters, options.batchTexts, options.groupTexts, random);
      let losses = 0;
      for (const [i, texts] of batches.entries()) {
        losses += await batch.contrast(texts);
        const done = (epoch - 1 + i / batches.length) / options.epochs;
        await adam.step(touchedRows(pooling, texts, places), batch.gradients, rate * (1 - done));
      }
      const quality = { ...(await measure()), epoch, trainLoss: losses / batches.length };
      onEpoch(quality);
      if ((quality.heldOutLoss ?? 0) <= (best.heldOutLoss ?? 0)) {
        best = quality;
        kept = table.view.slice();
      } else if (epoch - best.epoch >= patienceEpochs) {
        break;
      }
    }
    table.view.set(kept);
    return best.epoch;
  });
}

/** Held-out texts in batches as large as those of the training, for losses that can be compared. */
function heldOutBatches(first: number, end: number, batchTexts: number): Uint32Array[] {
  const size = Math.min(batchTexts, (end - first) & ~3);
  const count = size === 0 ? 0 : Math.floor((end - first) / size);
  return Array.from({ length: count }, (_, i) =>
    Uint32Array.from({ length: size }, (_, place) => first + i * size + place),
  );
}

async function heldOutMeasure(core: Core, data: TrainingData, batches: Uint32Array[], temperature: number) {
  const batch = new ContrastiveBatch(core, data, batches[0]?.length ?? 0, temperature);
  return async (): Promise<Pick<EpochQuality, "heldOutLoss" | "heldOutCosine">> => {
    if (batches.length === 0) return { heldOutLoss: null, heldOutCosine: null };
    let loss = 0;
    let cosine = 0;
    for (const texts of batches) {
      loss += await batch.contrast(texts);
      cosine += batch.meanCosine();
    }
    return { heldOutLoss: loss / batches.length, heldOutCosine: cosine / batches.length };
  };
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
