/** How far a refinement has got: a bar while a teacher works, a line for everything that is done. */
import type { WriteStream } from "node:tty";
import type { EpochQuality } from "../refine/contrastive-training.ts";
import type { RefineListener } from "../refine/refine.ts";
import { downloadProgress } from "./download-progress.ts";
import { type ProgressBar, progressBar } from "./progress-bar.ts";

export interface RefineProgress extends RefineListener {
  /** Leaves the terminal as it was. */
  stop(): void;
}

const stageNames = {
  teachers: "teachers",
  targets: "targets",
  leastSquares: "least squares",
  contrastive: "contrastive stage",
} as const;

export function refineProgress(out: WriteStream): RefineProgress {
  const { onTeacher, stop } = teacherProgress(out);
  return {
    ...downloadProgress(out),
    onTeacher,
    onStage: (stage, seconds) => out.write(`${stageNames[stage]}: ${seconds.toFixed(1)} s\n`),
    onEpoch: (quality) => out.write(`${formatEpoch(quality)}\n`),
    stop,
  };
}

/** A point of the curve in one line. */
export function formatEpoch({ epoch, trainLoss, heldOutLoss, heldOutCosine }: EpochQuality): string {
  const parts = [
    trainLoss === null ? "" : `  loss ${trainLoss.toFixed(4)}`,
    heldOutLoss === null ? "" : `  held-out loss ${heldOutLoss.toFixed(4)}`,
    heldOutCosine === null ? "" : `  held-out cosine ${heldOutCosine.toFixed(4)}`,
  ];
  return `epoch ${epoch}${parts.join("")}`;
}

/** A bar for every teacher, one after the other. */
function teacherProgress(out: WriteStream): Pick<RefineProgress, "onTeacher" | "stop"> {
  let bar: ProgressBar | undefined;
  return {
    onTeacher(teacher, done, total) {
      if (done === 0) bar = progressBar(out, teacher, (texts, all) => `${texts} of ${all} texts`);
      bar?.update(done, total);
    },
    stop() {
      bar?.stop();
    },
  };
}
