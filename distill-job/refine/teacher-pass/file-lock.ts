/** A lock that one process holds on a file, and that does not outlive it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { NearvecError } from "../../../shared/errors.ts";

export class FileLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes a lock: a file with this process's number. One of a process that is no more is taken over.
   * @throws NearvecError invalid_request if somebody else holds it
   */
  static take(path: string): FileLock {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      const holder = Number(readFileSync(path, "utf8"));
      if (isAlive(holder)) {
        throw new NearvecError(
          "invalid_request",
          `Expected nobody else to use the cache of teacher vectors, process ${holder} does (${path}). Wait for it, or choose another directory with --cache.`,
          { param: "cache", cause },
        );
      }
      rmSync(path, { force: true });
      return FileLock.take(path);
    }
    return new FileLock(path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
