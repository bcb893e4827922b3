/** How far a distillation has got, stage by stage. */
import type { WriteStream } from "node:tty";
import type { DistillListener } from "../distill-listener.ts";
import { clusterProgress } from "./cluster-progress.ts";
import { downloadProgress } from "./download-progress.ts";
import { progressBar } from "./progress-bar.ts";

export interface DistillProgress extends DistillListener {
  /** Leaves the terminal as it was. */
  stop(): void;
}

export function distillProgress(out: WriteStream): DistillProgress {
  const words = progressBar(
    out,
    "words",
    (done, total) => `${toMebibytes(done)} of ${toMebibytes(total)} MiB`,
  );
  const tokens = progressBar(
    out,
    "teacher",
    (done, total, seconds) => `${done} of ${total} tokens  ${Math.round(done / seconds) || 0} tokens/s`,
  );
  const clusters = clusterProgress(out);
  return {
    ...downloadProgress(out),
    onWords: words.update,
    onTokens: tokens.update,
    onCentres: clusters.onCentres,
    onRound: clusters.onRound,
    stop() {
      for (const stage of [words, tokens, clusters]) stage.stop();
    },
  };
}

function toMebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
