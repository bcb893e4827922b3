/** How far the words of a corpus have been counted: a bar on a terminal, a line now and then elsewhere. */
import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import type { CountingProgress } from "../vocabulary/count-words.ts";
import { onInterrupt } from "./on-interrupt.ts";

/** Seconds between two plain lines: often enough to see that it lives, seldom enough for a log. */
const plainIntervalSeconds = 10;

const mebibyte = 1024 * 1024;

export interface CountingBar {
  readonly update: CountingProgress;
  /** Leaves the terminal as it was. */
  stop(): void;
}

export function countingProgress(out: WriteStream): CountingBar {
  return out.isTTY ? movingBar(out) : plainLines(out);
}

function movingBar(out: WriteStream): CountingBar {
  const bar = new SingleBar({
    stream: out,
    format: "words  {bar}  {percentage}%  {read} of {size} MiB  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    clearOnComplete: true,
  });
  let stopListening = (): void => {};
  const stop = (): void => {
    bar.stop();
    stopListening();
  };
  return {
    update(done, total) {
      const values = { read: toMebibytes(done), size: toMebibytes(total) };
      if (!bar.isActive) {
        // The bar turns off line wrapping while it moves.
        stopListening = onInterrupt(() => bar.stop());
        bar.start(total, 0, values);
      }
      bar.update(done, values);
      if (done >= total) stop();
    },
    stop,
  };
}

function plainLines(out: WriteStream): CountingBar {
  let printed = performance.now();
  return {
    update(done, total) {
      const now = performance.now();
      if (now - printed < plainIntervalSeconds * 1000) return;
      printed = now;
      out.write(`words: ${toMebibytes(done)} of ${toMebibytes(total)} MiB\n`);
    },
    stop() {},
  };
}

function toMebibytes(bytes: number): string {
  return (bytes / mebibyte).toFixed(1);
}
