/**
 * `nearvec keys` against a local worker that asks for keys, and against Cloudflare's API, for which that worker's own
 * stands in: real KV, real workerd, the platform's own rate limiter.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CohereClientV2 } from "cohere-ai";
import { Ollama } from "ollama";
import OpenAI, { AuthenticationError, PermissionDeniedError, RateLimitError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NearvecClient } from "../../client/http/index.ts";
import { type LocalWorker, startLocalWorker } from "../../distill-job/dev/local-worker.ts";
import { wranglerConfigPath } from "../../distill-job/dev/wrangler-settings.ts";
import { readApiKey } from "../../shared/access/api-key.ts";
import { rateLimitSeconds } from "../../shared/limits.ts";
import { startTimeout } from "./running-worker.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
/** Requests that the worker of this test takes of one key in ten seconds. */
const limit = 60;
let folder: string;
let worker: LocalWorker;
let cloudflare: Server;
let cloudflareUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-keys-"));
  const text = await readFile(wranglerConfigPath, "utf8");
  expect(text).toContain(`period = ${rateLimitSeconds} }`);
  const config = join(folder, "wrangler.toml");
  await writeFile(
    config,
    text.replace(/limit = \d+/, `limit = ${limit}`).replace('main = "', `main = "${root}`),
  );
  worker = await startLocalWorker({
    port: 0,
    config,
    stateFolder: join(folder, "state"),
    variables: { DEFAULT_MODEL: "nano" },
    keys: true,
  });
  cloudflare = createServer(async (request, response) => {
    const [status, body] = await answerAsCloudflare(
      request.method!,
      request.url!,
      request.headers.authorization,
      await bodyOf(request),
    );
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  cloudflare.listen(0, "127.0.0.1");
  await once(cloudflare, "listening");
  cloudflareUrl = `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}/client/v4`;
}, startTimeout);
afterAll(async () => {
  cloudflare?.close();
  await worker?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function bodyOf(request: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Stand-in for Cloudflare's API: one account, one worker; its KV is the local worker's, by wrangler's local API. */
async function answerAsCloudflare(
  method: string,
  url: string,
  authorization: string | undefined,
  body: string,
): Promise<[status: number, body: string]> {
  const failure = (message: string) =>
    JSON.stringify({ success: false, errors: [{ code: 1, message }], result: null });
  const result = (value: unknown) => JSON.stringify({ success: true, errors: [], result: value });
  if (authorization !== "Bearer cf-token") return [403, failure("Authentication error")];
  const path = url.replace("/client/v4", "");
  if (path === "/accounts") return [200, result([{ id: "acc", name: "Mine" }])];
  if (path === "/accounts/acc/workers/scripts/nearvec/settings") {
    const bindings = [
      { type: "r2_bucket", name: "MODELS", bucket_name: "nearvec-models" },
      { type: "kv_namespace", name: "COLLECTIONS", namespace_id: "ns-1" },
      { type: "kv_namespace", name: "KEYS", namespace_id: "ns-2" },
    ];
    return [200, result({ bindings })];
  }
  const kv = "/accounts/acc/storage/kv/namespaces/ns-2/";
  if (!path.startsWith(kv)) return [404, failure("not found")];
  const local = `${worker.url}/cdn-cgi/local/explorer/api/storage/kv/namespaces/KEYS/${path.slice(kv.length)}`;
  const response = await fetch(local, { method, ...(method === "PUT" ? { body } : {}) });
  return [response.status, await response.text()];
}

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
  // No login of whoever runs the test.
  const { CLOUDFLARE_API_TOKEN: _, CLOUDFLARE_ACCOUNT_ID: __, ...own } = process.env;
  const env = { ...own, HOME: folder, XDG_CONFIG_HOME: folder, ...environment };
  return promisify(execFile)(process.execPath, [nearvec, "keys", ...args], { env }).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }) => ({ stdout, stderr, code }),
  );
}

const local = (...args: string[]) => run([...args, "--local", worker.url]);

// biome-ignore lint/suspicious/noExplicitAny: what the command prints, which is what is tested
async function json(...args: string[]): Promise<any> {
  const { stdout, stderr, code } = await local(...args, "--json");
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout.trimEnd()).not.toContain("\n");
  return JSON.parse(stdout);
}

const embed = (key: string | undefined) =>
  fetch(`${worker.url}/v1/embeddings`, {
    method: "POST",
    body: '{"input":"hello"}',
    headers: {
      "content-type": "application/json",
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
  });

test("a worker without keys is closed, and its first key opens it", async () => {
  expect((await local("list")).stdout).toMatch(/No keys: the worker is closed/);
  const closed = await embed(undefined);
  expect(closed.status).toBe(401);
  expect(await closed.text()).toContain("nearvec keys create");
  expect((await fetch(`${worker.url}/health`)).status).toBe(200);
  const { stdout, stderr, code } = await local("create", "--name", "first");
  expect(code).toBe(0);
  const key = stdout.trimEnd();
  expect(readApiKey(key)).toEqual({ id: key.slice(3, 11) });
  expect(stderr).toMatch(/only time it is shown/);
  expect(stderr).not.toContain(key.slice(12));
  expect((await embed(key)).status).toBe(200);
  expect((await fetch(`${worker.url}/docs`)).status).toBe(200);
});

test("a key is listed with all but its secret", async () => {
  const { key, id, ...made } = await json(
    ...["create", "--name", "site", "--scopes", "write", "read", "--collection", "docs", "team-*"],
    ...["--expires", "90d"],
  );
  expect(made).toMatchObject({
    name: "site",
    scopes: ["read", "write"],
    collections: ["docs", "team-*"],
    expired: false,
  });
  const days = (Date.parse(made.expires) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(89.9);
  expect(days).toBeLessThan(90.1);
  const { keys } = await json("list");
  expect(keys).toContainEqual({ id, ...made });
  const { stdout } = await local("list");
  expect(stdout).toMatch(new RegExp(`${id} +site +read write +docs team-\\* +\\d{4}-`));
  expect(JSON.stringify(keys) + stdout).not.toContain(key.slice(12));
});

test("a worker finds its keys when another of the same name has just stopped", async () => {
  await rm(join(process.env.WRANGLER_REGISTRY_PATH!, "nearvec"));
  expect(await json("list")).toHaveProperty("keys");
});

test("a rotated key has two secrets until the overlap ends", async () => {
  const { key: old, id } = await json("create");
  const { key: next, former_secrets_until } = await json("rotate", id, "--overlap", "1h");
  expect(next.slice(0, 12)).toBe(old.slice(0, 12));
  expect(next).not.toBe(old);
  expect(Math.abs(Date.parse(former_secrets_until[0]) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  // Neither was presented before, so no isolate has an older record.
  expect((await embed(next)).status).toBe(200);
  expect((await embed(old)).status).toBe(200);
});

test("a revoked key opens nothing, whether its id or the whole key is given", async () => {
  const one = await json("create");
  const two = await json("create");
  const { stdout, stderr, code } = await local("revoke", one.id, two.key);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  expect(stdout).not.toContain(two.key.slice(12));
  for (const { key } of [one, two]) expect((await embed(key)).status).toBe(401);
  const { keys } = await json("list");
  expect(keys.map(({ id }: { id: string }) => id)).not.toContain(one.id);
});

describe("Cloudflare's API", () => {
  const remote = (...args: string[]) =>
    run(args, { CLOUDFLARE_API_TOKEN: "cf-token", CLOUDFLARE_API_BASE_URL: cloudflareUrl });

  test("takes the same keys to the worker that wrangler.toml names", async () => {
    const made = await remote("create", "--name", "remote", "--json");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const { key, id } = JSON.parse(made.stdout);
    expect((await embed(key)).status).toBe(200);
    expect((await remote("list")).stdout).toContain(id);
    expect((await remote("rotate", id)).code).toBe(0);
    expect((await remote("revoke", id)).stdout).toContain(`${id}: revoked`);
  });

  test("is told which account where there is a choice", async () => {
    const environment = { CLOUDFLARE_API_TOKEN: "cf-token", CLOUDFLARE_API_BASE_URL: cloudflareUrl };
    const { stderr } = await run(["list"], { ...environment, CLOUDFLARE_ACCOUNT_ID: "other" });
    expect(stderr).toMatch(/a worker nearvec in the account other, there is none/);
  });

  test.each<[string, string[], Record<string, string>, RegExp]>([
    ["no login", ["list"], {}, /CLOUDFLARE_API_TOKEN .*wrangler login/],
    [
      "a wrong token",
      ["list"],
      { CLOUDFLARE_API_TOKEN: "wrong" },
      /may edit Workers KV .*403: Authentication error/,
    ],
    [
      "a worker that is not there",
      ["list", "--worker", "absent"],
      { CLOUDFLARE_API_TOKEN: "cf-token" },
      /a worker absent .*npm run deploy/,
    ],
  ])("%s is said in one line", async (_, args, environment, message) => {
    const { stdout, stderr, code } = await run(args, {
      CLOUDFLARE_API_BASE_URL: cloudflareUrl,
      ...environment,
    });
    expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});

test.each<[string, string[], RegExp, code?: number]>([
  ["an unknown scope", ["create", "--scopes", "root"], /'root' is invalid.*nearvec keys create --help/, 2],
  ["a span of no unit", ["create", "--expires", "90"], /90d or 12h/, 2],
  ["an id that is none", ["revoke", "nv_secretsecret"], /15 characters that are none/],
  ["a key that is not there", ["revoke", "aaaaaaaa"], /the id aaaaaaaa, there is none/],
  ["both places", ["list", "--worker", "nearvec"], /--local and --worker/, 2],
])("%s is said in one line", async (_, args, message, exitCode = 1) => {
  const { stdout, stderr, code } = await local(...args);
  expect({ stdout, code }).toEqual({ stdout: "", code: exitCode });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("secretsecret");
  expect(stderr.trimEnd()).not.toContain("\n");
});

test("no worker there is said in one line", async () => {
  const { stderr, code } = await run(["list", "--local", "http://127.0.0.1:1"]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/127\.0\.0\.1:1.*nearvec dev --keys/);
});

describe("the clients people have", () => {
  test("send the key where the worker looks for it", async () => {
    const { key } = await json("create", "--scopes", "embed");
    const openai = new OpenAI({ baseURL: `${worker.url}/v1`, apiKey: key, maxRetries: 0 });
    expect((await openai.embeddings.create({ model: "nano", input: "hello" })).data).toHaveLength(1);
    const cohere = new CohereClientV2({ environment: worker.url, token: key, maxRetries: 0 });
    const texts = {
      model: "nano",
      texts: ["hello"],
      inputType: "clustering",
      embeddingTypes: ["float"],
    } as const;
    expect(
      (await cohere.embed({ ...texts, texts: [...texts.texts], embeddingTypes: ["float"] })).embeddings.float,
    ).toHaveLength(1);
    const ollama = new Ollama({ host: worker.url, headers: { authorization: `Bearer ${key}` } });
    expect((await ollama.embed({ model: "nano", input: "hello" })).embeddings).toHaveLength(1);
    const client = new NearvecClient({ baseUrl: worker.url, apiKey: key });
    expect(await client.embed("hello")).toHaveLength(256);
  });

  test("raise their own errors for keys that do not do", async () => {
    const { key } = await json("create", "--scopes", "read");
    const embedWith = (apiKey: string) =>
      new OpenAI({ baseURL: `${worker.url}/v1`, apiKey, maxRetries: 0 }).embeddings.create({
        model: "nano",
        input: "a",
      });
    await expect(embedWith("sk-other")).rejects.toThrow(AuthenticationError);
    await expect(embedWith(key)).rejects.toThrow(PermissionDeniedError);
    const client = new NearvecClient({ baseUrl: worker.url, apiKey: key });
    await expect(client.embed("hello")).rejects.toMatchObject({ code: "permission_denied", status: 403 });
    const none = new NearvecClient({ baseUrl: worker.url });
    await expect(none.embed("hello")).rejects.toMatchObject({ code: "missing_api_key", status: 401 });
  });

  test("nearvec index takes a key by option or variable", async () => {
    const { key } = await json("create", "--scopes", "admin");
    const documents = join(folder, "docs.jsonl");
    await writeFile(documents, '{"id":"a","text":"a horse in the rain"}\n');
    const index = (args: string[], environment: Record<string, string> = {}) =>
      promisify(execFile)(
        process.execPath,
        [nearvec, "index", documents, "-c", "docs", "--url", worker.url, ...args],
        {
          env: { ...process.env, ...environment },
        },
      );
    await expect(index([])).rejects.toThrow(/Authorization: Bearer nv_/);
    await index(["--api-key", key, "--model", join(root, "models/nano.safetensors")]);
    await index(["--model", join(root, "models/nano.safetensors")], { NEARVEC_API_KEY: key });
  });
});

describe("hostile requests on a bare connection", () => {
  const send = async (lines: string[]): Promise<string> => {
    const { hostname, port } = new URL(worker.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `${["GET /v1/models HTTP/1.1", `host: ${hostname}`, "connection: close", ...lines].join("\r\n")}\r\n\r\n`,
      "latin1",
    );
    let answer = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    await once(socket, "close");
    return answer;
  };

  test.each<[string, (key: string) => string[], RegExp]>([
    [
      "two Authorization headers",
      (key) => [`authorization: Bearer ${key}`, `authorization: Bearer ${key}`],
      /^HTTP\/1\.1 40[01]/,
    ],
    [
      "bytes that are not ASCII",
      (key) => [`authorization: Bearer ${key.slice(0, -1)}\xe9`],
      /^HTTP\/1\.1 40[01]/,
    ],
    ["a header of 30 KB", () => [`authorization: Bearer ${"a".repeat(30_000)}`], /^HTTP\/1\.1 (40[01]|431)/],
    ["the key itself", (key) => [`authorization: Bearer ${key}`], /^HTTP\/1\.1 200/],
  ])("%s", async (_, write, status) => {
    const { key } = await json("create");
    const answer = await send(write(key));
    expect(answer).toMatch(status);
    expect(answer).not.toContain(key.slice(12));
  });
});

// Last: it spends what the address has, too.
test("the platform's limiter refuses a key past the limit, and tells when to come again", async () => {
  const { key } = await json("create");
  const statuses: number[] = [];
  let refused: Response | undefined;
  const deadline = Date.now() + 2 * rateLimitSeconds * 1000;
  while (refused === undefined && Date.now() < deadline) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => embed(key)));
    statuses.push(...answers.map(({ status }) => status));
    refused = answers.find(({ status }) => status === 429);
  }
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  const seconds = Number(refused?.headers.get("retry-after"));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(rateLimitSeconds);
  const openai = new OpenAI({ baseURL: `${worker.url}/v1`, apiKey: key, maxRetries: 0 });
  const again = openai.embeddings.create({ model: "nano", input: "a" });
  await expect(again).rejects.toThrow(RateLimitError);
  // A client that waits as it is told gets through.
  const patient = new NearvecClient({ baseUrl: worker.url, apiKey: key, retries: 3 });
  expect(await patient.embed("hello")).toHaveLength(256);
});
