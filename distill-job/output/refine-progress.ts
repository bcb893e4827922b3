/** How far a refinement has got: a bar while a teacher works, a line for everything that is done. */
import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import type { EpochQuality } from "../refine/contrastive-training.ts";
import type { RefineListener } from "../refine/refine.ts";
import { downloadProgress } from "./download-progress.ts";
import { onInterrupt } from "./on-interrupt.ts";

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

/** Seconds between two plain lines: often enough to see that it lives, seldom enough for a log. */
const plainIntervalSeconds = 10;

export function refineProgress(out: WriteStream): RefineProgress {
  const { onTeacher, stop } = out.isTTY ? movingBar(out) : plainLines(out);
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

function movingBar(out: WriteStream): Pick<RefineProgress, "onTeacher" | "stop"> {
  const bar = new SingleBar({
    stream: out,
    format: "{teacher}  {bar}  {percentage}%  {value} of {total} texts  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    clearOnComplete: true,
    etaBuffer: 32,
  });
  // The bar turns off line wrapping while it moves.
  const stopListening = onInterrupt(() => bar.stop());
  return {
    onTeacher(teacher, done, total) {
      if (done === 0) bar.start(total, 0, { teacher });
      bar.update(done, { teacher });
      if (done === total) bar.stop();
    },
    stop() {
      bar.stop();
      stopListening();
    },
  };
}

function plainLines(out: WriteStream): Pick<RefineProgress, "onTeacher" | "stop"> {
  let printed = 0;
  return {
    onTeacher(teacher, done, total) {
      const now = performance.now();
      if (done === 0) printed = now;
      if (now - printed < plainIntervalSeconds * 1000) return;
      printed = now;
      out.write(`${teacher}: ${done} of ${total} texts\n`);
    },
    stop() {},
  };
}
