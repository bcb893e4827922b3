/**
 * A stand-in for the Hugging Face hub: its URLs and headers as the hub's library and huggingface_hub use them,
 * on this machine, with repositories in memory. Large files are on a storage of their own host, as on the hub.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { gitDigestOf, isLarge, json, list, preupload, refuse, sendContent, sha256Of } from "./hub-answers.ts";

export type Files = Readonly<Record<string, Uint8Array | string>>;

/** A request that came in. */
export interface SeenRequest {
  readonly host: "hub" | "storage";
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  readonly authorization: string | undefined;
}

/** Answers a request in place of the stand-in, if it returns true. */
export type Interference = (request: SeenRequest, response: ServerResponse) => boolean;

interface Commit {
  readonly files: Map<string, Buffer>;
  readonly message: string;
}

interface Repository {
  private: boolean;
  readonly branches: Map<string, string>;
  readonly commits: Map<string, Commit>;
}

export class HubStandIn {
  static readonly writeToken = "hf_write";
  static readonly readToken = "hf_read";

  readonly requests: SeenRequest[] = [];
  readonly repositories = new Map<string, Repository>();
  interfere: Interference = () => false;
  /** Whether the storage takes ranges. */
  ranges = true;
  /** Whether uploads go by Xet: in chunks, which the stand-in counts as stored without looking at them. */
  xet = false;
  endpoint = "";
  #storageUrl = "";
  readonly #stored = new Map<string, Buffer>();
  readonly #servers: Server[] = [];

  /** Starts one that lives as long as the test. */
  static async start(): Promise<HubStandIn> {
    const hub = new HubStandIn();
    hub.endpoint = await hub.#listen("hub", hub.#answerHub.bind(hub));
    hub.#storageUrl = await hub.#listen("storage", hub.#answerStorage.bind(hub));
    onTestFinished(() => hub.stop());
    return hub;
  }

  stop(): void {
    for (const server of this.#servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  }

  /** Puts files into a repository, which is made if it is not there. @returns the commit */
  add(repo: string, files: Files, options: { private?: boolean; branch?: string } = {}): string {
    const repository = this.repositories.get(repo) ?? this.#create(repo, options.private ?? false);
    const contents = Object.entries(files).map(([path, content]): [string, Buffer] => [
      path,
      Buffer.from(content),
    ]);
    return this.#commit(repository, options.branch ?? "main", new Map(contents), "Add files");
  }

  /** The files of a branch. */
  filesOf(repo: string, branch = "main"): Map<string, Buffer> {
    const repository = this.repositories.get(repo)!;
    return repository.commits.get(repository.branches.get(branch)!)!.files;
  }

  /** The requests for content of a file: not those that a redirect answers. */
  contentRequests(): SeenRequest[] {
    return this.requests.filter(
      ({ host, method, path }) =>
        method === "GET" && (host === "storage" || (path.includes("/resolve/") && !isLarge(path))),
    );
  }

  #create(repo: string, hidden: boolean): Repository {
    const repository: Repository = { private: hidden, branches: new Map(), commits: new Map() };
    this.repositories.set(repo, repository);
    this.#commit(repository, "main", new Map(), "initial commit");
    return repository;
  }

  /** Adds to the files that the branch has. */
  #commit(repository: Repository, branch: string, files: Map<string, Buffer>, message: string): string {
    const parent = repository.branches.get(branch) ?? "";
    const all = new Map([...(repository.commits.get(parent)?.files ?? []), ...files]);
    const hash = createHash("sha1").update(`${parent}\n${message}\n`);
    for (const [path, content] of all) hash.update(`${path} ${sha256Of(content)}\n`);
    const commit = hash.digest("hex");
    repository.commits.set(commit, { files: all, message });
    repository.branches.set(branch, commit);
    for (const [path, content] of all) if (isLarge(path)) this.#stored.set(sha256Of(content), content);
    return commit;
  }

  async #listen(
    host: SeenRequest["host"],
    answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>,
  ): Promise<string> {
    const server = createServer(async (request, response) => {
      const url = new URL(request.url!, `http://${request.headers.host}`);
      const { range, authorization } = request.headers;
      const seen = {
        host,
        method: request.method!,
        path: decodeURIComponent(url.pathname),
        range,
        authorization,
      };
      this.requests.push(seen);
      if (this.interfere(seen, response)) return;
      await answer(request, response, url).catch((error: unknown) =>
        refuse(response, 500, "", String(error)),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.#servers.push(server);
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async #answerHub(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token !== undefined && token !== HubStandIn.readToken && token !== HubStandIn.writeToken) {
      return refuse(response, 401, "", "Invalid credentials in Authorization header");
    }
    const writes = request.method === "POST" && token !== HubStandIn.writeToken;
    if (writes) return refuse(response, 403, "", "You need write access");
    const body = request.method === "POST" ? await buffer(request) : Buffer.alloc(0);
    if (url.pathname === "/api/repos/create") return this.#createFor(body, response);

    const [, repo, rest] = /^(?:\/api\/models)?\/([^/]+\/[^/]+?)(?:\.git)?\/(.*)$/.exec(url.pathname) ?? [];
    const repository = this.repositories.get(repo ?? "");
    if (repository === undefined || (repository.private && token === undefined)) {
      // The hub does not tell strangers what is there.
      return refuse(response, token === undefined ? 401 : 404, "RepoNotFound", "Repository not found");
    }
    const [verb, rawRevision = "", ...segments] = rest!.split("/");
    const revision = decodeURIComponent(rawRevision);
    const path = segments.map(decodeURIComponent).join("/");
    switch (verb) {
      case "branch":
        return this.#branch(repository, revision, response);
      case "preupload":
        return preupload(body, response);
      case "info":
        return this.#batch(body, response);
    }
    const commit = repository.branches.get(revision === "HEAD" ? "main" : revision) ?? revision;
    const found = repository.commits.get(commit);
    if (found === undefined) {
      return refuse(response, 404, "RevisionNotFound", `Invalid rev id: ${revision}`);
    }
    switch (verb) {
      case "commit":
        return this.#commitFor(repo!, repository, revision, body, response);
      case "revision":
        return json(response, { _id: "1", id: repo, private: repository.private, sha: commit });
      case "tree":
        return list(found, url, response);
      case "resolve":
        return this.#resolve(found, commit, path, request, response);
      default:
        return refuse(response, 404, "", "Not found");
    }
  }

  async #answerStorage(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const sha256 = url.pathname.slice(1);
    if (sha256.startsWith("v1/")) {
      await buffer(request);
      if (sha256.startsWith("v1/chunks/")) refuse(response, 404, "", "Not known yet");
      else json(response, {});
      return;
    }
    if (request.method === "PUT") {
      const content = await buffer(request);
      if (sha256Of(content) !== sha256) return refuse(response, 400, "", "Wrong digest");
      this.#stored.set(sha256, content);
      response.end();
      return;
    }
    sendContent(request, response, this.#stored.get(sha256)!, this.ranges);
  }

  #createFor(body: Buffer, response: ServerResponse): void {
    const { organization, name, visibility } = JSON.parse(body.toString());
    const repo = `${organization}/${name}`;
    if (this.repositories.has(repo)) {
      refuse(response, 409, "", "You already created this model repo");
      return;
    }
    this.#create(repo, visibility === "private");
    json(response, { url: `${this.endpoint}/${repo}`, id: repo });
  }

  #branch(repository: Repository, branch: string, response: ServerResponse): void {
    if (repository.branches.has(branch)) {
      refuse(response, 409, "", "Reference already exists");
      return;
    }
    repository.branches.set(branch, repository.branches.get("main")!);
    response.end();
  }

  /** What the storage has already gets no address to be uploaded to. */
  #batch(body: Buffer, response: ServerResponse): void {
    const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
    const header = {
      "X-Xet-Cas-Url": this.#storageUrl,
      "X-Xet-Access-Token": "xet-token",
      "X-Xet-Token-Expiration": String(Math.floor(Date.now() / 1000) + 3600),
    };
    json(response, {
      transfer: this.xet ? "xet" : "basic",
      objects: objects.map(({ oid, size }) => {
        const actions = { upload: { href: `${this.#storageUrl}/${oid}`, ...(this.xet ? { header } : {}) } };
        return this.#stored.has(oid) ? { oid, size } : { oid, size, actions };
      }),
    });
  }

  #commitFor(
    repo: string,
    repository: Repository,
    branch: string,
    body: Buffer,
    response: ServerResponse,
  ): void {
    const files = new Map<string, Buffer>();
    let message = "";
    for (const line of body.toString().split("\n")) {
      const { key, value } = JSON.parse(line);
      if (key === "header") message = value.summary;
      if (key === "file") files.set(value.path, Buffer.from(value.content, value.encoding));
      if (key === "lfsFile") {
        const content = this.#stored.get(value.oid) ?? (this.xet ? Buffer.from(value.oid) : undefined);
        if (content === undefined) {
          refuse(response, 400, "", `No such LFS object: ${value.oid}`);
          return;
        }
        files.set(value.path, content);
      }
    }
    const commitOid = this.#commit(repository, branch, files, message);
    json(response, { success: true, commitOid, commitUrl: `${this.endpoint}/${repo}/commit/${commitOid}` });
  }

  #resolve(
    { files }: Commit,
    commit: string,
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    response.setHeader("x-repo-commit", commit);
    const content = files.get(path);
    if (content === undefined) {
      refuse(response, 404, "EntryNotFound", "Entry not found");
    } else if (isLarge(path)) {
      const sha256 = sha256Of(content);
      response.setHeader("x-linked-etag", `"${sha256}"`);
      response.setHeader("x-linked-size", content.length);
      response.writeHead(302, { location: `${this.#storageUrl}/${sha256}` }).end();
    } else {
      response.setHeader("etag", `"${gitDigestOf(content)}"`);
      sendContent(request, response, content, true);
    }
  }
}
