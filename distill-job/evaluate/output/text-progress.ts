/** How far a teacher has got with the texts of a data set: a line every few seconds. */
import type { Writable } from "node:stream";

const intervalSeconds = 10;

/** @returns to be called with the texts done so far */
export function textProgress(out: Writable): (done: number, total: number) => void {
  let started = 0;
  let printed = 0;
  return (done, total) => {
    const now = performance.now();
    if (done === 0) started = printed = now;
    if (now - printed < intervalSeconds * 1000) return;
    printed = now;
    const left = Math.ceil((((now - started) / 1000) * (total - done)) / done);
    out.write(`teacher: ${done} of ${total} texts, ${left} s left\n`);
  };
}
