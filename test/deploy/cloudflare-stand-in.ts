/**
 * A stand-in for Cloudflare's REST API, which cannot be reached from a desk without an account: so much of it as the
 * real wrangler asks for when it deploys, with the API's own envelopes, numbers of errors and states.
 *
 * It keeps accounts' buckets with their objects, KV namespaces, and workers with versions, tags and migrations.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface StandInBinding {
  readonly type: string;
  readonly name: string;
  readonly namespace_id?: string;
  readonly bucket_name?: string;
  readonly class_name?: string;
  readonly text?: string;
}

export interface StandInVersion {
  readonly id: string;
  readonly tag: string | undefined;
  readonly bindings: readonly StandInBinding[];
  /** Files of the upload by name, without the metadata. */
  readonly modules: ReadonlyMap<string, Uint8Array>;
}

export interface StandInWorker {
  readonly versions: StandInVersion[];
  current: string;
  migrationTag: string | undefined;
  onWorkersDev: boolean;
}

/** A request as it was answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** Below the account, or from the root: `/r2/buckets`, `/user`. */
  readonly path: string;
  readonly status: number;
}

type Answer = { readonly status: number; readonly code: number; readonly message: string };

export const account = { id: "0123456789abcdef0123456789abcdef", name: "Acme" };
const token = "stand-in-token";

/** Which answer a request gets in place of the right one; null for the right one. */
export type Fault = (method: string, path: string) => Answer | null;

export const outage: Answer = { status: 500, code: 10013, message: "An unknown error has occurred." };

export class CloudflareStandIn {
  readonly accounts = [account];
  readonly buckets = new Map<string, Map<string, Uint8Array>>();
  /** Titles by id. */
  readonly namespaces = new Map<string, string>();
  readonly workers = new Map<string, StandInWorker>();
  subdomain: string | undefined = "acme";
  fault: Fault = () => null;
  /** Which requests are carried out, but answered with a failure. */
  lost: (method: string, path: string) => boolean = () => false;
  /** Which objects lose their first byte on the way in. */
  damage: (path: string) => boolean = () => false;
  readonly requests: AnsweredRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CloudflareStandIn> {
    const server = createServer();
    const standIn = new CloudflareStandIn(server);
    server.on("request", (request, response) => void standIn.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  /** For wrangler's environment; nothing of the user's own login reaches it. */
  environment(folder: string): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
      CLOUDFLARE_API_TOKEN: token,
      HOME: folder,
      XDG_CONFIG_HOME: folder,
    };
  }

  /** Requests that change something. */
  get changes(): string[] {
    return this.requests
      .filter(({ method, status }) => method !== "GET" && status < 400)
      .map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: Uint8Array[] = [];
    for await (const chunk of request) body.push(chunk);
    const method = request.method ?? "";
    const url = new URL(request.url ?? "", "http://stand-in");
    const path = url.pathname.replace(`/accounts/${account.id}`, "");
    // Everything fits the first page.
    const page = url.searchParams.get("page") ?? "1";
    const result =
      page === "1" ? this.#result(method, path, request, Buffer.concat(body)) : Promise.resolve([]);
    const answer = await result.catch((error: unknown) => {
      if (isAnswer(error)) return error;
      throw error;
    });
    const outcome = this.lost(method, path) ? outage : answer;
    const failed = isAnswer(outcome);
    this.requests.push({ method, path, status: failed ? outcome.status : 200 });
    if (outcome instanceof Uint8Array) {
      response.end(outcome);
      return;
    }
    response.writeHead(failed ? outcome.status : 200, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        success: !failed,
        errors: failed ? [{ code: outcome.code, message: outcome.message }] : [],
        messages: [],
        result: failed ? null : outcome,
        result_info: { page: 1, per_page: 1000, total_pages: 1, count: 1, total_count: 1 },
      }),
    );
  }

  async #result(method: string, path: string, request: IncomingMessage, body: Buffer): Promise<unknown> {
    if (request.headers.authorization !== `Bearer ${token}`) throw refusal(403, 9109, "Invalid access token");
    const fault = this.fault(method, path);
    if (fault !== null) throw fault;
    const [, area, ...rest] = path.split("/");
    switch (`${method} ${area}`) {
      case "GET user":
        return rest[0] === "tokens" ? { id: "token", status: "active" } : { email: "someone@example.com" };
      case "GET accounts":
        return this.accounts;
      case "GET memberships":
        return this.accounts.map((one) => ({ id: one.id, account: one }));
    }
    if (area === "r2") return this.#r2(method, rest, body);
    if (area === "storage") return this.#kv(method, body);
    if (area === "workers") return this.#workersArea(method, rest, request, body);
    throw refusal(404, 7003, `Could not route to ${path}`);
  }

  #r2(method: string, [, bucketName, , ...key]: string[], body: Buffer): unknown {
    if (bucketName === undefined && method === "POST") {
      const { name } = JSON.parse(body.toString());
      if (this.buckets.has(name)) {
        throw refusal(409, 10004, "The bucket you tried to create already exists, and you own it.");
      }
      this.buckets.set(name, new Map());
      return { name };
    }
    const bucket = this.buckets.get(bucketName ?? "");
    if (bucket === undefined) throw refusal(404, 10006, "The specified bucket does not exist.");
    if (key.length === 0) return { name: bucketName };
    const object = key.map(decodeURIComponent).join("/");
    if (method === "PUT") {
      bucket.set(object, this.damage(object) ? body.subarray(1) : body);
      return { key: object };
    }
    const stored = bucket.get(object);
    if (stored === undefined) throw refusal(404, 10007, "The specified key does not exist.");
    return stored;
  }

  #kv(method: string, body: Buffer): unknown {
    if (method === "GET") return [...this.namespaces].map(([id, title]) => ({ id, title }));
    const { title } = JSON.parse(body.toString());
    if ([...this.namespaces.values()].includes(title)) {
      throw refusal(400, 10014, "A namespace with this account ID and title already exists.");
    }
    const id = randomUUID().replaceAll("-", "");
    this.namespaces.set(id, title);
    return { id, title };
  }

  async #workersArea(
    method: string,
    [area, name, part, id]: string[],
    request: IncomingMessage,
    body: Buffer,
  ): Promise<unknown> {
    if (area === "subdomain") {
      if (this.subdomain === undefined) throw refusal(404, 10007, "No workers.dev subdomain.");
      return { subdomain: this.subdomain };
    }
    const worker = this.workers.get(name ?? "");
    if (area === "scripts" && part === undefined && method === "PUT") {
      return this.#upload(name!, worker, request, body, true);
    }
    if (worker === undefined) throw refusal(404, 10007, "This Worker does not exist on your account.");
    const current = worker.versions.find((version) => version.id === worker.current)!;
    switch (`${method} ${area} ${part ?? ""}`) {
      case "GET services ":
        return {
          default_environment: {
            environment: "production",
            script: {
              tag: name,
              tags: [],
              migration_tag: worker.migrationTag,
              last_deployed_from: "wrangler",
            },
          },
        };
      case "GET workers ":
        return {
          subdomain: {
            enabled: worker.onWorkersDev,
            previews_enabled: worker.onWorkersDev,
            url: `https://${name}.${this.subdomain}.workers.dev`,
          },
        };
      case "POST scripts subdomain":
        worker.onWorkersDev = JSON.parse(body.toString()).enabled;
        return { enabled: worker.onWorkersDev, previews_enabled: worker.onWorkersDev };
      case "GET scripts deployments":
        return { deployments: [deploymentOf(worker)] };
      case "POST scripts deployments": {
        const { versions } = JSON.parse(body.toString());
        worker.current = versions[0].version_id;
        return deploymentOf(worker);
      }
      case "POST scripts versions":
        return this.#upload(name!, worker, request, body, false);
      case "GET scripts versions": {
        const version = worker.versions.find((one) => one.id === id);
        if (version === undefined) throw refusal(404, 10007, "No such version.");
        return {
          id: version.id,
          metadata: { created_on: "2026-01-01T00:00:00Z", author_email: "someone@example.com" },
          annotations: version.tag === undefined ? {} : { "workers/tag": version.tag },
          resources: { script: {}, script_runtime: {}, bindings: version.bindings },
        };
      }
      case "GET scripts settings":
        return { bindings: current.bindings };
      case "PATCH scripts script-settings":
      case "GET scripts secrets":
        return [];
    }
    throw refusal(404, 7003, `Could not route to ${method} /workers/${area}/${name}/${part}`);
  }

  async #upload(
    name: string,
    before: StandInWorker | undefined,
    request: IncomingMessage,
    body: Buffer,
    active: boolean,
  ): Promise<unknown> {
    const form = await new Response(new Uint8Array(body), {
      headers: { "content-type": request.headers["content-type"]! },
    }).formData();
    const metadata = JSON.parse(String(form.get("metadata")));
    const modules = new Map<string, Uint8Array>();
    for (const [file, content] of form) {
      if (typeof content !== "string") modules.set(file, new Uint8Array(await content.arrayBuffer()));
    }
    modules.delete("metadata");
    this.#checkBindings(metadata.bindings);
    const version: StandInVersion = {
      id: randomUUID(),
      tag: metadata.annotations?.["workers/tag"],
      bindings: metadata.bindings,
      modules,
    };
    const worker = before ?? {
      versions: [],
      current: version.id,
      migrationTag: undefined,
      onWorkersDev: false,
    };
    worker.versions.push(version);
    if (active) {
      worker.current = version.id;
      worker.migrationTag = metadata.migrations?.new_tag ?? worker.migrationTag;
      this.workers.set(name, worker);
    }
    return {
      id: active ? name : version.id,
      deployment_id: version.id,
      startup_time_ms: 10,
      resources: { script: { etag: "etag" } },
    };
  }

  /** As the API does: a binding to what is not there is refused, and so nothing is uploaded. */
  #checkBindings(bindings: readonly StandInBinding[]): void {
    for (const { type, name, namespace_id: id, bucket_name: bucket } of bindings) {
      if (type === "kv_namespace" && !this.namespaces.has(id ?? "")) {
        throw refusal(400, 10041, `KV namespace '${id}' not found (binding ${name}).`);
      }
      if (type === "r2_bucket" && !this.buckets.has(bucket ?? "")) {
        throw refusal(400, 10085, `R2 bucket '${bucket}' not found (binding ${name}).`);
      }
    }
  }
}

function deploymentOf({ current }: StandInWorker) {
  return {
    id: "deployment",
    created_on: "2026-01-01T00:00:00Z",
    source: "wrangler",
    versions: [{ version_id: current, percentage: 100 }],
  };
}

export function refusal(status: number, code: number, message: string): Answer {
  return { status, code, message };
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "status" in value && "code" in value;
}
