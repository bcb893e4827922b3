/** The examples of docs/package.md and docs/worker.md do what they say, as pasted, on the installed package. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { bundleWorker, runBundle } from "./mounted-worker.ts";

const { equipped } = inject("installed");

/** Blocks of a language below a heading. */
async function examples(page: string, heading: string, language: string): Promise<string[]> {
  const text = await readFile(`docs/${page}`, "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return [...section.matchAll(/```(\w+)\n(.*?)```/gs)]
    .filter(([, found]) => found === language)
    .map(([, , code]) => code!);
}

test("docs/package.md, in Node", async () => {
  const [code] = await examples("package.md", "In Node", "ts");
  const script = join(equipped, "documented.js");
  await writeFile(script, code!);
  const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: equipped });
  expect(`${stdout.trim()}`).toBe(/console\.log\(.*\); \/\/ (.*)$/m.exec(code!)?.[1]);
});

test("docs/worker.md, in a worker of one's own", async () => {
  const [code] = await examples("worker.md", "In your own worker", "ts");
  const [settings] = await examples("worker.md", "In your own worker", "toml");
  const folder = join(equipped, "documented");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "index.ts"), code!);
  await writeFile(join(folder, "wrangler.toml"), settings!);
  const runtime = await runBundle(await bundleWorker(folder, "wrangler.toml"), "index.js", {
    kvNamespaces: ["COLLECTIONS"],
    durableObjects: { COLLECTION: "CollectionObject" },
  });
  onTestFinished(() => runtime.dispose());
  const url = (await runtime.ready).href;
  expect(await (await fetch(url)).text()).toBe("My own page");
  const answer = await fetch(`${url}embed/v1/collections`, {
    method: "POST",
    body: '{"name": "docs"}',
    headers: { "content-type": "application/json" },
  });
  expect([answer.status, await answer.text()]).toEqual([201, expect.stringContaining('"docs"')]);
});
