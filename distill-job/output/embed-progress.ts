/** How far embedding has got, for runs of more than a second. */
import type { WriteStream } from "node:tty";
import type { EmbedProgress } from "../embed-texts/embed-texts.ts";
import { type ProgressBar, plainIntervalSeconds, progressBar } from "./progress-bar.ts";

const quietMilliseconds = 1000;
const redrawMilliseconds = 100;

/** @param totalBytes of all files; null where stdin's end is not known */
export function embedProgress(
  out: WriteStream,
  totalBytes: number | null,
): { update(progress: EmbedProgress): void; stop(): void } {
  const started = performance.now();
  let texts = 0;
  const describe = (): string => {
    const seconds = (performance.now() - started) / 1000;
    return `${texts.toLocaleString("en")} texts, ${Math.round(texts / seconds).toLocaleString("en")}/s`;
  };
  const bar = totalBytes === null ? endlessLine(out, describe) : progressBar(out, "embedding", describe);
  return {
    update(progress) {
      ({ texts } = progress);
      if (performance.now() - started < quietMilliseconds) return;
      bar.update(progress.bytes, totalBytes ?? 0);
    },
    stop: () => bar.stop(),
  };
}

/** A line that moves on a terminal, and one now and then elsewhere. */
function endlessLine(out: WriteStream, describe: () => string): ProgressBar {
  let printed = performance.now();
  let shown = false;
  return {
    update() {
      const now = performance.now();
      if (now - printed < (out.isTTY ? redrawMilliseconds : plainIntervalSeconds * 1000)) return;
      printed = now;
      shown = true;
      out.write(out.isTTY ? `\r\u001b[2Kembedding  ${describe()}` : `embedding: ${describe()}\n`);
    },
    stop() {
      if (shown && out.isTTY) out.write("\r\u001b[2K");
      shown = false;
    },
  };
}
