/**
 * The hub's cache on disk, as Python's huggingface_hub lays it out:
 *
 *     models--org--name/blobs/<digest>             content, under its SHA-256 or git's SHA-1
 *     models--org--name/refs/<revision>            the commit that a branch or tag was last seen at
 *     models--org--name/snapshots/<commit>/<path>  a link to a blob
 *     models--org--name/.no_exist/<commit>/<path>  an empty file: the commit has no such path
 */
import { copyFile, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { NearvecError } from "../../shared/errors.ts";
import { replaceFile } from "../output/replace-file.ts";

const commitPattern = /^[0-9a-f]{40}$/;

export function isCommit(revision: string): boolean {
  return commitPattern.test(revision);
}

export class HubCache {
  readonly #folder: string;

  /** @param root directory of the cache */
  constructor(root: string, repo: string) {
    this.#folder = join(root, `models--${repo.replace("/", "--")}`);
  }

  /** The commit that a revision was last seen at; undefined if it never was. */
  async readCommit(revision: string): Promise<string | undefined> {
    const text = await readFile(join(this.#folder, "refs", revision), "utf8").catch(() => "");
    return isCommit(text.trim()) ? text.trim() : undefined;
  }

  async writeCommit(revision: string, commit: string): Promise<void> {
    if (revision === commit || (await this.readCommit(revision)) === commit) return;
    const path = join(this.#folder, "refs", revision);
    await this.#write(path, () => replaceFile(path, commit));
  }

  /** Directory of a commit's files, of which the cache has some. */
  snapshot(commit: string): string {
    return join(this.#folder, "snapshots", commit);
  }

  /** Whether a commit has a file: true if it is cached, false if it is known not to be there. */
  async knows(commit: string, path: string): Promise<boolean | undefined> {
    if (await isFile(this.file(commit, path))) return true;
    return (await isFile(join(this.#folder, ".no_exist", commit, path))) ? false : undefined;
  }

  /** Where a file of a commit is, or would be. @throws NearvecError invalid_request for a path that leads outside */
  file(commit: string, path: string): string {
    if (path.split(/[/\\]/).some((part) => ["", ".", ".."].includes(part)) || path.includes(":")) {
      throw new NearvecError(
        "invalid_request",
        `Expected the path of a file in the repository, got ${JSON.stringify(path)}.`,
        { param: "path" },
      );
    }
    return join(this.snapshot(commit), path);
  }

  /** Remembers that a commit has no such file. */
  async markMissing(commit: string, path: string): Promise<void> {
    const marker = join(this.#folder, ".no_exist", commit, path);
    await this.#write(marker, () => writeFile(marker, ""));
  }

  /** Where content of this digest is, or would be. */
  async blob(digest: string): Promise<string> {
    const path = join(this.#folder, "blobs", digest);
    await this.#write(path, async () => {});
    return path;
  }

  /** Lets a file of a commit have the content of this digest, which is there. */
  async link(commit: string, path: string, digest: string): Promise<void> {
    const file = this.file(commit, path);
    const blob = await this.blob(digest);
    await this.#write(file, async () => {
      if (await isFile(file)) return;
      // Relative, so that the cache can be moved; Windows allows links to administrators only.
      await symlink(relative(dirname(file), blob), file).catch(() => copyFile(blob, file));
    });
  }

  async #write(path: string, write: () => Promise<void>): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await write();
    } catch (cause) {
      if (NearvecError.isInstance(cause)) throw cause;
      throw cacheRefused(path, cause);
    }
  }
}

/** The error for a disk that does not take what is downloaded. */
export function cacheRefused(path: string, cause: unknown): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected to write ${path}, got: ${(cause as Error).message}. Make room or choose another place with HF_HUB_CACHE; what is downloaded already is kept.`,
    { param: "HF_HUB_CACHE", cause },
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
