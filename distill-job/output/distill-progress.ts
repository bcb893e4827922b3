/** How far the teacher has got: a bar on a terminal, a line now and then elsewhere. */
import type { WriteStream } from "node:tty";
import { SingleBar } from "cli-progress";
import { onInterrupt } from "./on-interrupt.ts";

export interface DistillProgress {
  /** @param done tokens so far; the first call gives 0 */
  update(done: number, total: number): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Seconds between two plain lines: often enough to see that it lives, seldom enough for a log. */
const plainIntervalSeconds = 10;

export function distillProgress(out: WriteStream): DistillProgress {
  return out.isTTY ? movingBar(out) : plainLines(out);
}

function movingBar(out: WriteStream): DistillProgress {
  const bar = new SingleBar({
    stream: out,
    format: "teacher  {bar}  {percentage}%  {value} of {total} tokens  {rate} tokens/s  {eta_formatted} left",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    clearOnComplete: true,
    etaBuffer: 16,
  });
  // The bar turns off line wrapping while it moves.
  const stopListening = onInterrupt(() => bar.stop());
  let started = 0;
  return {
    update(done, total) {
      if (done === 0) {
        started = performance.now();
        bar.start(total, 0, { rate: 0 });
      }
      bar.update(done, { rate: tokensPerSecond(done, started) });
    },
    stop() {
      bar.stop();
      stopListening();
    },
  };
}

function plainLines(out: WriteStream): DistillProgress {
  let started = 0;
  let printed = 0;
  return {
    update(done, total) {
      const now = performance.now();
      if (done === 0) started = printed = now;
      if (now - printed < plainIntervalSeconds * 1000) return;
      printed = now;
      const rate = tokensPerSecond(done, started);
      const left = Math.ceil((total - done) / rate);
      out.write(`teacher: ${done} of ${total} tokens, ${rate} tokens/s, ${left} s left\n`);
    },
    stop() {},
  };
}

function tokensPerSecond(done: number, started: number): number {
  return Math.round(done / ((performance.now() - started) / 1000)) || 0;
}
