/** A lock that one process holds on a file, and that does not outlive it. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";

export class FileLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes a lock: a file with this process's number. One of a process that is no more is taken over.
   * @returns the lock, or the number of the process that holds it
   */
  static take(path: string): FileLock | number {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      const holder = readHolder(path);
      if (isAlive(holder)) return holder;
      rmSync(path, { force: true });
      return FileLock.take(path);
    }
    return new FileLock(path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

/** Not a number if the lock has been released meanwhile. */
function readHolder(path: string): number {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Number.NaN;
    throw error;
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
