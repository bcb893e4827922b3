/** The examples of docs/clients.md do what their comments say, as pasted. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningWorker, runWorker, startTimeout } from "../host/running-worker.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = await readFile(join(root, "docs/clients.md"), "utf8");
/** Each with the heading that it stands below. */
const examples = [...page.matchAll(/^## (.*?)$|```ts\n(.*?)```/gms)]
  .reduce<[string, string][]>((found, [, heading, code]) => {
    const last = found.at(-1)?.[0] ?? "";
    found.push([heading ?? last, code ?? ""]);
    return found;
  }, [])
  .filter(([, code]) => code !== "");

let worker: RunningWorker;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(root, ".examples-"));
  worker = await runWorker();
  const base = await readFile(join(root, "models/base.safetensors"));
  // The worker's default, here, is called tiny.
  for (const name of ["base", "tiny"]) await worker.upload(name, base);
}, startTimeout);
afterAll(async () => {
  await worker?.stop();
  await rm(folder, { recursive: true });
});

test("there are some", () => expect(examples.length).toBeGreaterThanOrEqual(6));

test.each(examples)("%s", async (_, code) => {
  const script = join(folder, "example.ts");
  await writeFile(script, code.replaceAll("http://127.0.0.1:8787", worker.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=nearvec-source", script], {
    cwd: root,
  });
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
  expect(expected.length).toBeGreaterThan(0);
  expect(stdout.trimEnd().split("\n")).toEqual(expected);
});
