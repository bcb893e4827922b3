/** A reader that has had enough, such as `head -1`: no error, but the end. */

/** Ends the process without a word once nobody reads what it prints. */
export function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
}
