/** The port of `nearvec dev`. */

import { claimPort } from "../dev/free-port.ts";
import { defaultPort } from "../dev/local-bucket.ts";
import { type Check, ok, warn } from "./check.ts";

/** @param workerThere whether a nearvec worker has answered there */
export async function checkPort(workerThere: boolean, port: number = defaultPort): Promise<Check> {
  if (workerThere) return ok("port", `${port} has a nearvec worker`);
  try {
    await claimPort(port);
    return ok("port", `${port} is free for nearvec dev`);
  } catch {
    return warn("port", `${port} is taken by another program`, `Stop it, or nearvec dev --port ${port + 1}.`);
  }
}
