/** Every line of docs/api.md that asks the worker something gets the answer it says, and every route has one. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

let worker: RunningWorker;

beforeAll(async () => {
  worker = await runWorker();
  await worker.upload("tiny", tinyModel());
}, startTimeout);
afterAll(async () => worker?.stop());

interface Line {
  readonly line: string;
  readonly path: string;
  readonly init: RequestInit;
  /** 200 unless a comment at the end of the line says otherwise. */
  readonly status: number;
}

const text = await readFile(new URL("../../docs/api.md", import.meta.url), "utf8");
const lines = [...text.matchAll(/^curl .*$/gm)].map(([line]) => readLine(line));

/** Takes a line apart as a shell would, as far as these lines go. */
function readLine(line: string): Line {
  const [, command, status = "200"] = /^(.*?)(?: # (\d+))?$/.exec(line)!;
  const words = [...command!.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  const body = words.indexOf("-d") < 0 ? undefined : words[words.indexOf("-d") + 1];
  const typed = words.includes("content-type: application/json");
  // Without -H, curl says that it sends a form.
  const headers = { "content-type": typed ? "application/json" : "application/x-www-form-urlencoded" };
  return {
    line,
    path: new URL(words[1]!).pathname,
    init: body === undefined ? {} : { method: "POST", body, headers },
    status: Number(status),
  };
}

test.each(lines)("$line", async ({ path, init, status }) => {
  const response = await fetch(worker.url + path, init);
  expect(response.status).toBe(status);
  expect((await response.text()).length).toBeGreaterThan(0);
});

test("every route of openapi.json about embeddings has a line", async () => {
  const document = (await (await fetch(`${worker.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const shown = new Set(lines.map(({ path, init }) => `${(init.method ?? "GET").toLowerCase()} ${path}`));
  for (const [path, methods] of Object.entries(document.paths)) {
    // Collections have a page of their own.
    if (path.startsWith("/v1/collections")) continue;
    for (const method of Object.keys(methods)) {
      expect(shown).toContain(`${method} ${path.replace("{id}", "nano")}`);
    }
  }
});
