/** A running worker: does it answer, with which model and version, does it want keys, can it search. */
import packageJson from "../../package.json" with { type: "json" };
import { healthSchema } from "../../shared/api/health.ts";
import { type Check, fail, ok, reasonOf, skip, warn } from "./check.ts";

/** Milliseconds that the worker has for each answer. */
const patienceMilliseconds = 5000;

const quotedCharacters = 120;

interface Answer {
  readonly status: number;
  /** Parsed JSON; undefined if it is none. */
  readonly body: unknown;
  readonly text: string;
  readonly milliseconds: number;
}

export interface WorkerToCheck {
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Whether the user has named it: then it must be there. */
  readonly named: boolean;
}

export async function checkWorker({ url: given, apiKey, named }: WorkerToCheck): Promise<Check[]> {
  const url = given.replace(/\/+$/, "");
  const get = (path: string, key: string | undefined = apiKey) => ask(`${url}${path}`, key);
  let health: Answer;
  try {
    health = await get("/health");
  } catch (error) {
    return [
      named
        ? fail("worker", `${url}/health: ${reasonOf(error)}`, "Start it (nearvec dev), or correct --url.")
        : skip("worker", `none at ${url}; nearvec dev starts one`),
    ];
  }
  const parsed = healthSchema.safeParse(health.body);
  if (health.status !== 200 || !parsed.success) {
    const got = `${health.status} ${health.text.slice(0, quotedCharacters).replaceAll(/\s+/g, " ")}`;
    return [
      messageOf(health.body) === undefined
        ? fail("worker", `${url}/health answers as no nearvec worker does: ${got}`, "Correct --url.")
        : fail("worker", `${url}: ${messageOf(health.body)}`, "Do what it says, then run this again."),
    ];
  }
  const { default_model: model, memory } = parsed.data;
  const used = `${(memory.used_bytes / 2 ** 20).toFixed(0)} of ${(memory.budget_bytes / 2 ** 20).toFixed(0)} MiB`;
  return [
    ok("worker", `${url}, model ${model}, ${used}, ${health.milliseconds.toFixed(0)} ms`),
    await checkKeys(url, apiKey, get),
    await checkVersion(get),
    await checkSearch(get),
  ];
}

type Get = (path: string, key?: string) => Promise<Answer>;

async function checkKeys(url: string, apiKey: string | undefined, get: Get): Promise<Check> {
  const without = await ask(`${url}/v1/models`, undefined);
  if (without.status === 200) {
    return isLocal(url)
      ? ok("keys", "none needed: it is open to this machine")
      : warn(
          "keys",
          "none needed: it is open to everyone who knows the URL",
          "Make keys: nearvec keys create.",
        );
  }
  if (without.status !== 401 && without.status !== 403) {
    return warn("keys", `GET /v1/models answers ${without.status}`, "Look at the worker's log.");
  }
  if (apiKey === undefined) {
    return warn("keys", "needed, and none is given", "Set NEARVEC_API_KEY, or add --api-key.");
  }
  const { status } = await get("/v1/models");
  if (status === 200) return ok("keys", "needed, and the one given is taken");
  return fail(
    "keys",
    `needed, and the one given is refused with ${status}`,
    "Make another: nearvec keys create.",
  );
}

async function checkVersion(get: Get): Promise<Check> {
  const { status, body } = await get("/info");
  const version = (body as { version?: unknown } | undefined)?.version;
  if (status !== 200 || typeof version !== "string") return skip("version", `GET /info answers ${status}`);
  if (version === packageJson.version) return ok("version", `${version}, as here`);
  return warn(
    "version",
    `the worker has ${version}, this is ${packageJson.version}`,
    "Deploy again, or update nearvec.",
  );
}

async function checkSearch(get: Get): Promise<Check> {
  const { status, body } = await get("/v1/collections?limit=100");
  const data = (body as { data?: unknown } | undefined)?.data;
  if (status === 200 && Array.isArray(data)) {
    return ok("search", `bound, ${data.length === 100 ? "100 or more" : data.length} collections`);
  }
  if (status === 501) {
    const fix = "Bind COLLECTIONS and COLLECTION, as nearvec's own wrangler.toml does.";
    return warn("search", "not bound: the worker embeds and does not search", fix);
  }
  if (status === 401 || status === 403)
    return skip("search", `GET /v1/collections answers ${status} to this key`);
  return fail(
    "search",
    messageOf(body) ?? `GET /v1/collections answers ${status}`,
    "Look at the worker's log.",
  );
}

async function ask(url: string, key: string | undefined): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(url, {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(patienceMilliseconds),
  }).catch((error: Error) => {
    throw error.cause instanceof Error ? error.cause : error;
  });
  const text = await response.text();
  const milliseconds = performance.now() - started;
  try {
    return { status: response.status, body: JSON.parse(text), text, milliseconds };
  } catch {
    return { status: response.status, body: undefined, text, milliseconds };
  }
}

function messageOf(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: { message?: unknown } };
  return typeof error?.message === "string" ? error.message : undefined;
}

function isLocal(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
