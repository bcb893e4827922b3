/** A commit of a repository on the hub: its files by name, downloaded when they are wanted, only once. */
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type ListFileEntry, listFiles, modelInfo } from "@huggingface/hub";
import { NearvecError } from "../../shared/errors.ts";
import type { ContentDigest } from "./content-digest.ts";
import { downloadBlob } from "./download-blob.ts";
import type { HubAccess } from "./hub-access.ts";
import { HubCache, isCommit } from "./hub-cache.ts";
import { translated, unreachable } from "./hub-errors.ts";
import { hubFetch } from "./hub-fetch.ts";
import type { HubListener } from "./hub-listener.ts";
import type { HubName } from "./hub-name.ts";

/** Where a repository's files come from. */
interface Source {
  readonly access: HubAccess;
  readonly cache: HubCache;
  readonly listener: HubListener;
  /** Whether the hub is asked, or the cache has to do. */
  readonly online: boolean;
}

export class HubRepository {
  readonly repo: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  readonly #source: Source;
  #listing: Promise<ReadonlyMap<string, ListFileEntry>> | undefined;

  private constructor(repo: string, commit: string, source: Source) {
    this.repo = repo;
    this.commit = commit;
    this.#source = source;
  }

  /**
   * Finds out which commit a revision is at. Without a network it is the one that the revision was last seen
   * at; a commit needs no finding out.
   *
   * @throws NearvecError storage_access_denied, not_found, storage_unavailable
   */
  static async open(
    { repo, revision }: HubName,
    access: HubAccess,
    listener: HubListener,
  ): Promise<HubRepository> {
    const cache = new HubCache(access.cache, repo);
    const at = (commit: string, online: boolean): HubRepository =>
      new HubRepository(repo, commit, { access, cache, listener, online });
    if (isCommit(revision)) return at(revision, !access.offline);
    const commit = access.offline
      ? undefined
      : await resolve(repo, revision, access).catch((error: NearvecError) => error);
    if (typeof commit === "string") {
      await cache.writeCommit(revision, commit);
      return at(commit, true);
    }
    const cached = await cache.readCommit(revision);
    if (cached !== undefined && (commit === undefined || commit.code === "storage_unavailable")) {
      listener.onOffline(repo, cached);
      return at(cached, false);
    }
    throw commit ?? offline(`${repo} at ${revision}`, access);
  }

  /** Directory that the files are in, once they are fetched; others of the same commit may be there too. */
  get directory(): string {
    return this.#source.cache.snapshot(this.commit);
  }

  /** Whether the commit has a file. @throws NearvecError as `open` does */
  async has(path: string): Promise<boolean> {
    const known = await this.#source.cache.knows(this.commit, path);
    if (known !== undefined) return known;
    if (!this.#source.online) throw offline(`whether ${this.repo} has ${path}`, this.#source.access);
    const there = (await this.#list()).has(path);
    if (!there) await this.#source.cache.markMissing(this.commit, path);
    return there;
  }

  /** The paths of all files; without a network, of those that are cached. */
  async files(): Promise<string[]> {
    if (this.#source.online) return [...(await this.#list()).keys()].sort();
    const found = await readdir(this.directory, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = found
      .filter((entry) => !entry.isDirectory())
      .map(({ parentPath, name }) => relative(this.directory, join(parentPath, name)));
    return paths.sort();
  }

  /**
   * Makes sure that files are in the directory, one after the other.
   *
   * @param paths of files that the commit has
   * @throws NearvecError as `open` and `downloadBlob` do
   */
  async fetch(...paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      if ((await this.#source.cache.knows(this.commit, path)) !== true) await this.#download(path);
    }
  }

  async #download(path: string): Promise<void> {
    if (!this.#source.online) throw offline(`${path} of ${this.repo}`, this.#source.access);
    const entry = (await this.#list()).get(path);
    if (entry === undefined) {
      throw new NearvecError(
        "not_found",
        `Expected ${path} in ${this.repo}, it has ${listed(await this.files())}.`,
        { param: path },
      );
    }
    const { endpoint } = this.#source.access;
    const digest = digestIn(entry);
    await downloadBlob(await this.#source.cache.blob(digest.hex), {
      name: `${this.repo}/${path}`,
      url: `${endpoint}/${this.repo}/resolve/${this.commit}/${path.split("/").map(encodeURIComponent).join("/")}`,
      fetch: hubFetch(this.#source.access),
      digest,
      onProgress: (done) => this.#source.listener.onDownload(`${this.repo}/${path}`, done, digest.bytes),
      broken: (cause) => unreachable(cause, `GET ${this.repo}/${path}`, this.#source.access),
    });
    await this.#source.cache.link(this.commit, path, digest.hex);
  }

  /** Asked for once, and only if the cache does not know. */
  #list(): Promise<ReadonlyMap<string, ListFileEntry>> {
    this.#listing ??= list(this.repo, this.commit, this.#source.access);
    return this.#listing;
  }
}

/** File names for an error: the first few of many. */
export function listed(files: readonly string[]): string {
  const most = 12;
  if (files.length === 0) return "no files";
  const more = files.length > most ? ` and ${files.length - most} more` : "";
  return `${files.slice(0, most).join(", ")}${more}`;
}

async function resolve(repo: string, revision: string, access: HubAccess): Promise<string> {
  const { endpoint: hubUrl } = access;
  const request = { name: repo, revision, hubUrl, fetch: hubFetch(access) };
  try {
    const { sha } = await modelInfo({ ...request, additionalFields: ["sha"] });
    if (isCommit(sha)) return sha;
    throw new Error(`a commit of ${JSON.stringify(sha)}`);
  } catch (error) {
    throw translated(error, `GET ${repo} at ${revision}`, access);
  }
}

async function list(
  repo: string,
  commit: string,
  access: HubAccess,
): Promise<ReadonlyMap<string, ListFileEntry>> {
  const entries = new Map<string, ListFileEntry>();
  const request = { repo, revision: commit, recursive: true };
  try {
    for await (const entry of listFiles({ ...request, hubUrl: access.endpoint, fetch: hubFetch(access) })) {
      if (entry.type === "file") entries.set(entry.path, entry);
    }
  } catch (error) {
    throw translated(error, `GET the files of ${repo}`, access);
  }
  return entries;
}

function digestIn({ path, size, oid, lfs }: ListFileEntry): ContentDigest {
  if (lfs !== undefined && /^[0-9a-f]{64}$/.test(lfs.oid)) {
    return { kind: "sha256", hex: lfs.oid, bytes: lfs.size };
  }
  if (oid !== undefined && isCommit(oid)) return { kind: "git", hex: oid, bytes: size };
  throw new NearvecError(
    "storage_unavailable",
    `Expected the hub to give a digest of ${path}, got ${JSON.stringify({ oid, lfs })}. Check HF_ENDPOINT.`,
  );
}

function offline(what: string, { offline: chosen }: HubAccess): NearvecError {
  const why = chosen ? "HF_HUB_OFFLINE is set" : "the hub is not reachable";
  return new NearvecError(
    "storage_unavailable",
    `Expected ${what} in the cache, it is not there, and ${why}. Run the command once with a network.`,
  );
}
