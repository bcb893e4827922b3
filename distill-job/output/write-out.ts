/** Writing to stdout as fast as its reader takes it, and no faster. */
import { once } from "node:events";
import type { Writable } from "node:stream";

export async function writeOut(out: Writable, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (!out.write(piece)) await once(out, "drain");
  }
}
