/** Reading model files of any size from disk. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../shared/errors.ts";

/** @throws NearvecError not_found */
export async function readModelBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is none" : (cause.code ?? cause.message);
    throw new NearvecError(
      "not_found",
      `Expected a model file at ${path}, but ${reason}. Make one with \`nearvec distill\` or \`nearvec import\`.`,
      { param: path, cause },
    );
  });
}
