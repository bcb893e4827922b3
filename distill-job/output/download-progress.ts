/** How far downloads from the hub have got: one line at a time. */
import type { WriteStream } from "node:tty";
import type { HubListener } from "../hub/hub-listener.ts";
import { type TransferProgress, transferProgress } from "./transfer-progress.ts";

export function downloadProgress(out: WriteStream): HubListener {
  let file: string | undefined;
  let progress: TransferProgress;
  return {
    onDownload(name, done, total) {
      if (name !== file) progress = transferProgress(`downloading ${name}`, total, out, done);
      file = name;
      if (done < total) return progress.update(done);
      progress.clear();
      file = undefined;
    },
    onOffline(repo, commit) {
      out.write(
        `nearvec: the hub is not asked for ${repo}: using commit ${commit.slice(0, 12)} of the cache.\n`,
      );
    },
  };
}
