/** One line on how far an upload or a download has got, for those that take more than a second. */
import type { Writable } from "node:stream";

const mebibyte = 1024 * 1024;
const quietMilliseconds = 1000;

/** Milliseconds between two lines where they cannot overwrite each other. */
const plainIntervalMilliseconds = 5000;

export interface TransferProgress {
  /** Call it with the bytes transferred so far. */
  update(doneBytes: number): void;
  /** Takes the line away again. */
  clear(): void;
}

/**
 * @param label what the line begins with: `uploading`
 * @param out A terminal gets one line that moves; anything else a plain line every few seconds.
 * @param fromBytes what was there before, which counts as done but not for the speed
 */
export function transferProgress(
  label: string,
  totalBytes: number,
  out: Writable & { isTTY?: boolean },
  fromBytes = 0,
): TransferProgress {
  const started = performance.now();
  let printedAt = started;
  let shown = false;
  return {
    update(doneBytes) {
      const now = performance.now();
      const interval = out.isTTY ? 100 : plainIntervalMilliseconds;
      if (now - started < quietMilliseconds || (shown && now - printedAt < interval)) return;
      printedAt = now;
      shown = true;
      const rate = (doneBytes - fromBytes) / ((now - started) / 1000);
      const line = `${label} ${describe(doneBytes, totalBytes, rate)}`;
      out.write(out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    clear() {
      if (shown && out.isTTY) out.write("\r\u001b[2K");
    },
  };
}

/** @param rate bytes per second */
function describe(done: number, total: number, rate: number): string {
  const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
  return (
    `${Math.floor((done / total) * 100)}%  ${(done / mebibyte).toFixed(1)} of ` +
    `${(total / mebibyte).toFixed(1)} MiB  ${(rate / mebibyte).toFixed(1)} MiB/s  ${left} s left`
  );
}
