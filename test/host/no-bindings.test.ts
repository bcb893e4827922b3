/** The worker without a single binding, as it is deployed by whoever deletes the bucket: it answers out of its bundle. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalWorker, startLocalWorker } from "../../distill-job/dev/local-worker.ts";
import { wranglerConfigPath } from "../../distill-job/dev/wrangler-settings.ts";
import { healthSchema } from "../../shared/api/health.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { startTimeout } from "./running-worker.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
let worker: LocalWorker;
let client: OpenAI;

/** wrangler.toml as a user would cut it down: from the variables to the bucket, all gone. */
async function withoutBindings(): Promise<string> {
  const text = await readFile(wranglerConfigPath, "utf8");
  const cut = text
    .replace(/^\[vars\]\n.*?(?=^\[observability\])/ms, "")
    .replace('main = "', `main = "${root}`);
  expect(cut).not.toMatch(/MODELS|DEFAULT_MODEL/);
  return cut;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-test-"));
  const config = join(folder, "wrangler.toml");
  await writeFile(config, await withoutBindings());
  worker = await startLocalWorker({ port: 0, config, stateFolder: join(folder, "state") });
  client = new OpenAI({ baseURL: `${worker.url}/v1`, apiKey: "local", maxRetries: 0 });
}, startTimeout);
afterAll(async () => {
  await worker?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("gives the vectors of models/nano.safetensors to the last bit", async () => {
  const model = await StaticModel.load(await readFile(join(root, "models/nano.safetensors")));
  const input = ["a horse in the rain", "un cheval sous la pluie"];
  const { data, model: name } = await client.embeddings.create({ model: "nano", input });
  expect(name).toBe("nano");
  expect(data.map(({ embedding }) => embedding)).toEqual(model.encode(input).map((vector) => [...vector]));
});

test("answers a request that names no model, and says which one it was", async () => {
  const response = await fetch(`${worker.url}/v1/embeddings`, {
    method: "POST",
    body: '{"input":"hello"}',
    headers: { "content-type": "application/json" },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ model: "nano" });
});

test("has no other model", async () => {
  const names: string[] = [];
  for await (const model of client.models.list()) names.push(model.id);
  expect(names).toEqual(["nano"]);
  const other = client.embeddings.create({ model: "base", input: "hello" });
  await expect(other).rejects.toMatchObject({ status: 404, code: "model_not_found" });
});

test("is healthy", async () => {
  const health = healthSchema.parse(await (await fetch(`${worker.url}/health`)).json());
  expect(health).toMatchObject({ default_model: "nano", models: [{ id: "nano", bundled: true }] });
});
