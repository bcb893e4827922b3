/**
 * The real wrangler, pointed at a stand-in of Cloudflare's API: what it uploads runs in workerd, and its stand-in, which
 * the other tests use, leaves the same behind.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WranglerProcess } from "../../distill-job/deploy/wrangler.ts";
import { healthSchema } from "../../shared/api/health.ts";
import { CloudflareStandIn } from "./cloudflare-stand-in.ts";
import { accountState, baseModel, type Run, runDeploy } from "./deployments.ts";
import { WranglerStandIn } from "./wrangler-stand-in.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));

/** Milliseconds for a deployment, which starts wrangler over a dozen times: 20 s idle, 200 s on a machine that is overrun. */
const deployTimeout = 480_000;

let folder: string;
let cloudflare: CloudflareStandIn;
let wrangler: WranglerProcess;
let first: Run;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-test-"));
  cloudflare = await CloudflareStandIn.start();
  wrangler = new WranglerProcess(cloudflare.environment(folder));
  first = await runDeploy(wrangler);
}, deployTimeout);
afterAll(async () => {
  await cloudflare?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("leaves behind what its stand-in does, and makes the same changes in the same order", async () => {
  const other = await CloudflareStandIn.start();
  try {
    await runDeploy(new WranglerStandIn(other.environment(folder)));
    const bound = (state: ReturnType<typeof accountState>) => ({
      ...state,
      workers: state.workers.map(({ bindings, ...worker }) => ({
        ...worker,
        // Bindings of other kinds need nothing made for them.
        bindings: bindings.filter(({ type }) => ["kv_namespace", "r2_bucket", "plain_text"].includes(type)),
      })),
    });
    const sorted = (state: ReturnType<typeof accountState>) => JSON.parse(JSON.stringify(bound(state)));
    const real = sorted(accountState(cloudflare));
    const imitated = sorted(accountState(other));
    for (const { workers } of [real, imitated])
      for (const worker of workers)
        worker.bindings.sort((a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name));
    expect(real).toEqual(imitated);
    expect(cloudflare.changes).toEqual(other.changes);
  } finally {
    await other.stop();
  }
});

test("uploads a worker that answers, with the model that was uploaded", async () => {
  const { versions } = cloudflare.workers.get("nearvec")!;
  const { modules, bindings } = versions[0]!;
  const main = "index.js";
  const types: Record<string, string> = { wasm: "CompiledWasm", safetensors: "Data", js: "ESModule" };
  const names = (type: string) => bindings.filter((binding) => binding.type === type).map(({ name }) => name);
  const isolate = new Miniflare(
    convertV4MiniflareOptions({
      modules: [main, ...[...modules.keys()].filter((name) => name !== main)]
        // Source maps are uploaded, too, for stack traces.
        .filter((name) => types[extensionOf(name)] !== undefined)
        .map((name) => ({
          type: types[extensionOf(name)] as "ESModule",
          path: name.replace("./", ""),
          contents: modules.get(name)! as Uint8Array<ArrayBuffer>,
        })),
      compatibilityDate: "2026-11-01",
      r2Buckets: names("r2_bucket"),
      kvNamespaces: names("kv_namespace"),
      bindings: Object.fromEntries(
        bindings.filter(({ text }) => text).map(({ name, text }) => [name, text!]),
      ),
      durableObjects: { COLLECTION: { className: "CollectionObject", useSQLite: true } },
      cf: false,
    }),
  );
  try {
    const bucket = await isolate.getR2Bucket("MODELS");
    for (const [key, bytes] of cloudflare.buckets.get("nearvec-models")!) await bucket.put(key, bytes);
    const response = await isolate.dispatchFetch("http://nearvec/health");
    const health = healthSchema.parse(await response.json());
    expect(health).toMatchObject({ default_model: "base" });
    expect(health.models[0]).toMatchObject({ id: "base", sha256: baseModel().file.sha256 });
  } finally {
    await isolate.dispose();
  }
});

const extensionOf = (name: string) => name.split(".").at(-1)!;

test(
  "deployed again, changes nothing",
  async () => {
    const before = accountState(cloudflare);
    const { deployment } = await runDeploy(wrangler);
    expect(deployment).toMatchObject({
      ...{ deployed: false, version: first.deployment.version, urls: first.deployment.urls },
      model: { uploaded: false, activated: false },
    });
    expect(deployment.urls).toEqual(["https://nearvec.acme.workers.dev"]);
    expect(accountState(cloudflare)).toEqual(before);
  },
  deployTimeout,
);

test(
  "nearvec deploy says in one line that nobody is logged in, and rehearses all the same",
  async () => {
    const environment = { ...process.env, ...cloudflare.environment(join(folder, "nobody")) };
    delete (environment as Record<string, string | undefined>).CLOUDFLARE_API_TOKEN;
    cloudflare.requests.length = 0;
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [nearvec, "deploy", ...args], { env: environment });
    const failed = await run().catch((error: { stderr: string; code: number }) => error);
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toMatch(/^nearvec: Expected you to be logged in.*npx wrangler login.*\n$/);
    const { steps, gzippedBytes } = JSON.parse((await run("--dry-run", "--json")).stdout);
    expect(gzippedBytes).toBeGreaterThan(100_000);
    const commands = steps.map(({ command }: { command: string }) => command).join("\n");
    expect(commands).toMatch(
      /whoami[\s\S]*r2 bucket create nearvec-models[\s\S]*kv namespace create nearvec-collections[\s\S]*object put[^\n]*base\.safetensors[\s\S]*deploy --config[\s\S]*object put[^\n]*current\.json/,
    );
    expect(cloudflare.requests).toEqual([]);
  },
  deployTimeout,
);
