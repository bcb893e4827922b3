/** What reading from the hub tells while it works. */
export interface HubListener {
  /**
   * How far a file's download has got.
   * @param done bytes on disk, at first those of an earlier attempt
   */
  onDownload(file: string, done: number, total: number): void;
  /** The hub was not reached: what the cache has stands in. */
  onOffline(repo: string, commit: string): void;
}

export const silentListener: HubListener = { onDownload() {}, onOffline() {} };
