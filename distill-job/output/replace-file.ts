/** Writing a file so that its name stands for the whole content or for what was there before. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { open, rename, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { onInterrupt } from "./on-interrupt.ts";

/**
 * Checks that a file can be written, before hours of work go into its content.
 * @throws NearvecError invalid_request
 */
export async function checkOutputPath(path: string): Promise<void> {
  const directory = dirname(path);
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw invalid(
      `Expected a directory for ${path}, ${directory} is ${found ? "a file" : "not there"}. Create it first.`,
    );
  }
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) {
    throw invalid(
      `Expected a file name to write to, ${path} is a directory. Add a name, such as model.safetensors.`,
    );
  }
  // Put in its place, a file would be the end of /dev/null.
  if (there !== undefined && !there.isFile()) {
    throw invalid(`Expected a file to write to, ${path} is a device or a pipe. Choose another name.`);
  }
}

/**
 * Writes a file under a temporary name beside it, waits until the disk has it, then gives it its name.
 * If anything fails, or the process is interrupted, the temporary file is removed.
 *
 * @param finalHead what is written over the beginning once all of the content has been taken
 * @throws NearvecError invalid_request if the disk refuses, and what the content throws
 */
export async function replaceFile(
  path: string,
  content: Uint8Array | string | AsyncIterable<Uint8Array>,
  finalHead?: () => Uint8Array,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  const remove = (): void => rmSync(temporary, { force: true });
  const stopListening = onInterrupt(remove);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      if (finalHead !== undefined) {
        const head = finalHead();
        await file.write(head, 0, head.length, 0);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    remove();
    if (NearvecError.isInstance(cause)) throw cause;
    throw invalid(
      `Expected to write ${path}, got: ${(cause as Error).message}. The file there is as it was before.`,
      cause,
    );
  } finally {
    stopListening();
  }
}

function invalid(message: string, cause?: unknown): NearvecError {
  return new NearvecError("invalid_request", message, { param: "output", cause });
}
