/** Finds the KV namespace that a worker reads its keys from: the one it is bound to, here or on Cloudflare. */
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { NearvecError } from "../../shared/errors.ts";
import { wranglerProgram } from "../dev/wrangler-program.ts";
import { askApi, KvNamespace } from "./kv-namespace.ts";

/** The binding in wrangler.toml. */
const binding = "KEYS";

const cloudflareApi = "https://api.cloudflare.com/client/v4";

export interface KeyEnvironment {
  readonly CLOUDFLARE_API_TOKEN?: string | undefined;
  readonly CLOUDFLARE_ACCOUNT_ID?: string | undefined;
  /** Another API than Cloudflare's own, which wrangler reads too. */
  readonly CLOUDFLARE_API_BASE_URL?: string | undefined;
}

/** wrangler's workers sign on every ten seconds. */
const signOnMilliseconds = 15_000;

const localWorkerSchema = z.object({
  isSelf: z.boolean(),
  bindings: z
    .object({ kv: z.array(z.object({ id: z.string(), bindingName: z.string() })).optional() })
    .optional(),
});
type LocalWorker = z.infer<typeof localWorkerSchema>;
const localWorkersSchema = z.object({ result: z.array(localWorkerSchema) });

/**
 * The namespace of the worker that `nearvec dev` runs.
 *
 * @param workerUrl E.g. `http://127.0.0.1:8787`.
 */
export async function localKeys(workerUrl: string): Promise<KvNamespace> {
  const api = {
    url: `${checkUrl(workerUrl)}/cdn-cgi/local/explorer/api`,
    token: null,
    advice: "Start it with `nearvec dev --keys`, or say where it is: --local http://127.0.0.1:<port>.",
  };
  const askItself = async (): Promise<LocalWorker | undefined> => {
    const { text } = await askApi(api, "GET", "/local/workers");
    const { data } = localWorkersSchema.safeParse(parsed(text));
    if (data !== undefined) return data.result.find(({ isSelf }) => isSelf);
    throw new NearvecError(
      "answer_invalid",
      `Expected \`nearvec dev\` at ${workerUrl}, but something else answers there. Name its port: --local http://127.0.0.1:<port>.`,
    );
  };
  // Where another worker of the same name has just been stopped, it does not know itself until it signs on again.
  const deadline = performance.now() + signOnMilliseconds;
  let self = await askItself();
  while (self === undefined && performance.now() < deadline) {
    await sleep(250);
    self = await askItself();
  }
  const namespace = self?.bindings?.kv?.find(({ bindingName }) => bindingName === binding);
  if (namespace === undefined) throw notBound(`the worker at ${workerUrl}`);
  return new KvNamespace({ ...api, url: `${api.url}/storage/kv/namespaces/${namespace.id}` });
}

const accountsSchema = z.object({ result: z.array(z.object({ id: z.string(), name: z.string() })) });
const settingsSchema = z.object({
  result: z.object({
    bindings: z.array(z.object({ type: z.string(), name: z.string(), namespace_id: z.string().optional() })),
  }),
});

/**
 * The namespace of a worker on Cloudflare, with the token from the environment or wrangler's login.
 *
 * @param worker Its name, e.g. `nearvec`.
 */
export async function deployedKeys(worker: string, environment: KeyEnvironment): Promise<KvNamespace> {
  const api = {
    url: checkUrl(environment.CLOUDFLARE_API_BASE_URL ?? cloudflareApi),
    token: environment.CLOUDFLARE_API_TOKEN ?? (await wranglerToken()),
    advice: "Check the connection.",
  };
  const account = environment.CLOUDFLARE_ACCOUNT_ID ?? (await onlyAccount(api));
  const scripts = `/accounts/${encodeURIComponent(account)}/workers/scripts`;
  const { status, text } = await askApi(
    api,
    "GET",
    `${scripts}/${encodeURIComponent(worker)}/settings`,
    undefined,
    [404],
  );
  if (status === 404) {
    throw new NearvecError(
      "not_found",
      `Expected a worker ${worker} in the account ${account}, there is none. Deploy it first: npm run deploy; or name another with --worker; or add --local for \`nearvec dev\`.`,
      { param: "worker" },
    );
  }
  const { bindings } = settingsSchema.parse(JSON.parse(text)).result;
  const id = bindings.find(({ type, name }) => type === "kv_namespace" && name === binding)?.namespace_id;
  if (id === undefined) throw notBound(`the worker ${worker}`);
  const namespaces = `/accounts/${encodeURIComponent(account)}/storage/kv/namespaces`;
  return new KvNamespace({ ...api, url: `${api.url}${namespaces}/${id}` });
}

async function onlyAccount(api: Parameters<typeof askApi>[0]): Promise<string> {
  const { result } = accountsSchema.parse(JSON.parse((await askApi(api, "GET", "/accounts")).text));
  if (result.length === 1) return result[0]!.id;
  const names = result.map(({ id, name }) => `${id} (${name})`).join(", ") || "none";
  throw new NearvecError(
    "invalid_request",
    `Expected one Cloudflare account, the token has ${names}. Export the one that is meant as CLOUDFLARE_ACCOUNT_ID.`,
    { param: "CLOUDFLARE_ACCOUNT_ID" },
  );
}

/** What `wrangler login` left; wrangler renews it if it has run out. */
async function wranglerToken(): Promise<string> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", CI: "true" };
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--no-warnings", wranglerProgram(), "auth", "token", "--json"],
      { env },
    );
    return z.object({ token: z.string() }).parse(JSON.parse(stdout)).token;
  } catch (cause) {
    throw new NearvecError(
      "storage_access_denied",
      "Expected CLOUDFLARE_API_TOKEN in the environment, or a login of wrangler, got neither. " +
        "Run `npx wrangler login`, or add --local for the worker of `nearvec dev`.",
      { param: "CLOUDFLARE_API_TOKEN", cause },
    );
  }
}

function notBound(worker: string): NearvecError {
  return new NearvecError(
    "not_found",
    `Expected ${worker} to have the KV binding ${binding}, it has none. wrangler.toml of nearvec has it: add it, and deploy.`,
  );
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return text.replace(/\/+$/, "");
  throw new NearvecError("invalid_request", `Expected a URL such as http://127.0.0.1:8787, got ${text}.`, {
    param: "local",
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not wrangler dev: the schema says so.
    return undefined;
  }
}
