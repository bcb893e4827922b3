/** How far the quantization of a vocabulary has got: a line that changes on a terminal, one now and then elsewhere. */
import { clearLine, cursorTo } from "node:readline";
import type { WriteStream } from "node:tty";
import type { ClusterListener } from "../clustering/cluster-rows.ts";
import { plainIntervalSeconds } from "./progress-bar.ts";

export interface ClusterProgress extends ClusterListener {
  /** Leaves the terminal as it was. */
  stop(): void;
}

export function clusterProgress(out: WriteStream): ClusterProgress {
  let printed = performance.now();
  let shown = false;
  const show = (text: string): void => {
    const now = performance.now();
    if (out.isTTY) {
      cursorTo(out, 0);
      out.write(text);
      clearLine(out, 1);
      shown = true;
    } else if (now - printed >= plainIntervalSeconds * 1000) {
      printed = now;
      out.write(`${text}\n`);
    }
  };
  return {
    onCentres: (done, total) => show(`clusters: ${done} of ${total} begun`),
    onRound: (round, changed) => show(`clusters: round ${round}, ${changed} tokens have changed theirs`),
    stop() {
      if (!shown) return;
      cursorTo(out, 0);
      clearLine(out, 0);
      shown = false;
    },
  };
}
