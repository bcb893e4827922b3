/** Writing a directory so that its name stands for all of its files or for none. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, rename, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { onInterrupt } from "../output/on-interrupt.ts";

/** Path below the directory to content. */
export type DirectoryContent = Readonly<Record<string, Uint8Array | string>>;

/**
 * Checks that a directory can be made, before any work goes into its content.
 * @throws NearvecError invalid_request if there is something at its name, or nothing to put it in
 */
export async function checkNewDirectory(path: string): Promise<void> {
  const parent = dirname(resolve(path));
  if (!(await stat(parent).catch(() => undefined))?.isDirectory()) {
    throw invalid(`Expected a directory to put ${path} into, ${parent} is none. Create it first.`);
  }
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory() && (await readdir(path)).length === 0) return;
  throw invalid(
    `Expected a new or empty directory to write to, ${path} is ${found.isDirectory() ? "not empty" : "a file"}. Choose another name or remove it.`,
  );
}

/**
 * Writes files into a directory with a temporary name beside it, then gives it its name.
 * If anything fails, or the process is interrupted, nothing is left.
 *
 * @throws NearvecError invalid_request if the disk refuses
 */
export async function writeDirectory(path: string, content: DirectoryContent): Promise<void> {
  await checkNewDirectory(path);
  const target = resolve(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.tmp`);
  const remove = (): void => rmSync(temporary, { recursive: true, force: true });
  const stopListening = onInterrupt(remove);
  try {
    for (const [name, bytes] of Object.entries(content)) {
      const file = join(temporary, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes, { flush: true });
    }
    // An empty directory may stand there, which some systems do not rename over; one with files stays.
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    await rename(temporary, target);
  } catch (cause) {
    remove();
    throw invalid(`Expected to write ${path}, got: ${(cause as Error).message}. Nothing was written.`, cause);
  } finally {
    stopListening();
  }
}

function invalid(message: string, cause?: unknown): NearvecError {
  return new NearvecError("invalid_request", message, { param: "output", cause });
}
