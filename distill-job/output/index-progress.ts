/** How far indexing has got. */
import type { WriteStream } from "node:tty";
import type { IndexingProgress } from "../index-documents/index-documents.ts";
import { progressBar } from "./progress-bar.ts";

export function indexProgress(out: WriteStream): {
  update(progress: IndexingProgress): void;
  stop(): void;
} {
  let documents = 0;
  const bar = progressBar(
    out,
    "indexing",
    (_done, _total, seconds) =>
      `${documents} documents, ${seconds > 0 ? Math.round(documents / seconds) : 0}/s`,
  );
  return {
    update(progress) {
      ({ documents } = progress);
      bar.update(progress.bytes, progress.totalBytes);
    },
    stop: () => bar.stop(),
  };
}
