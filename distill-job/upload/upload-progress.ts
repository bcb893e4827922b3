/** One line on how far an upload has got, for uploads that take more than a second. */
import type { Writable } from "node:stream";

const mebibyte = 1024 * 1024;
const quietMilliseconds = 1000;

/** Milliseconds between two lines where they cannot overwrite each other. */
const plainIntervalMilliseconds = 5000;

export interface UploadProgress {
  /** Call it with the bytes sent so far. */
  update(sentBytes: number): void;
  /** Takes the line away again. */
  clear(): void;
}

/** @param out A terminal gets one line that moves; anything else a plain line every few seconds. */
export function uploadProgress(totalBytes: number, out: Writable & { isTTY?: boolean }): UploadProgress {
  const started = performance.now();
  let printedAt = started;
  let shown = false;
  return {
    update(sentBytes) {
      const now = performance.now();
      const interval = out.isTTY ? 100 : plainIntervalMilliseconds;
      if (now - started < quietMilliseconds || (shown && now - printedAt < interval)) return;
      printedAt = now;
      shown = true;
      const line = describe(sentBytes, totalBytes, (now - started) / 1000);
      out.write(out.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    clear() {
      if (shown && out.isTTY) out.write("\r\u001b[2K");
    },
  };
}

function describe(sent: number, total: number, seconds: number): string {
  const rate = sent / seconds;
  const left = rate > 0 ? Math.ceil((total - sent) / rate) : 0;
  return (
    `uploading ${Math.floor((sent / total) * 100)}%  ${(sent / mebibyte).toFixed(1)} of ` +
    `${(total / mebibyte).toFixed(1)} MiB  ${(rate / mebibyte).toFixed(1)} MiB/s  ${left} s left`
  );
}
