/** How far a thing has got whose end is known: a bar on a terminal, a line now and then elsewhere. */
import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import { onInterrupt } from "./on-interrupt.ts";

/** Seconds between two plain lines: often enough to see that it lives, seldom enough for a log. */
export const plainIntervalSeconds = 10;

export interface ProgressBar {
  /** The first call begins it, and one with all of the total ends it. */
  update(done: number, total: number): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Says what has been done so far, e.g. `120 of 29525 tokens`. */
export type DescribeProgress = (done: number, total: number, seconds: number) => string;

/** @param label what the line begins with, e.g. `teacher` */
export function progressBar(out: WriteStream, label: string, describe: DescribeProgress): ProgressBar {
  return out.isTTY ? movingBar(out, label, describe) : plainLines(out, label, describe);
}

function movingBar(out: WriteStream, label: string, describe: DescribeProgress): ProgressBar {
  const bar = new SingleBar({
    stream: out,
    format: "{label}  {bar}  {percentage}%  {description}  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    clearOnComplete: true,
    etaBuffer: 16,
  });
  let started = 0;
  let stopListening = (): void => {};
  const stop = (): void => {
    bar.stop();
    stopListening();
  };
  return {
    update(done, total) {
      const now = performance.now();
      if (!bar.isActive) {
        started = now;
        // The bar turns off line wrapping while it moves.
        stopListening = onInterrupt(() => bar.stop());
        bar.start(total, 0, { label, description: "" });
      }
      bar.update(done, { description: describe(done, total, (now - started) / 1000) });
      if (done >= total) stop();
    },
    stop,
  };
}

function plainLines(out: WriteStream, label: string, describe: DescribeProgress): ProgressBar {
  let started: number | undefined;
  let printed = 0;
  return {
    update(done, total) {
      const now = performance.now();
      if (started === undefined) started = printed = now;
      if (now - printed < plainIntervalSeconds * 1000) return;
      printed = now;
      const seconds = (now - started) / 1000;
      const left = done > 0 ? `, ${Math.ceil((seconds * (total - done)) / done)} s left` : "";
      out.write(`${label}: ${describe(done, total, seconds)}${left}\n`);
    },
    stop() {},
  };
}
