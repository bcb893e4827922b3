/** Loads that outlive the request that began them, in the real runtime, where a request's I/O ends with it. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

let worker: RunningWorker;

beforeAll(async () => {
  worker = await runWorker("test/workerd/slow-bucket-worker.ts");
  await worker.upload("tiny", tinyModel({ seed: 1 }));
}, startTimeout);
afterAll(async () => worker?.stop());

const artifactReads = async () => (await fetch(`${worker.url}/artifact-reads`)).json();

// The runtime on this machine lets such a request run on, so this holds even without `waitUntil`; in production
// it would not. That I/O ends with its request here too, once it is answered, is what the second test shows.
test("a client that hangs up while its request loads the model does not take the load down with it", async () => {
  const hangUp = new AbortController();
  const lost = worker.embed({ input: "hello" }, hangUp.signal).catch((error: Error) => error.name);
  await sleep(300);
  const others = [worker.embed({ input: "hello" }), worker.embed({ input: "world" })];
  await sleep(300);
  hangUp.abort();
  expect(await lost).toBe("AbortError");
  const started = performance.now();
  const answers = await Promise.all(others);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  // Well before the waiting requests would have given the load up for lost.
  expect(performance.now() - started).toBeLessThan(5000);
  expect(await artifactReads()).toBe(1);
});

test("a newer model loads on after the request that noticed it has been answered", async () => {
  const before = await (await worker.embed({ input: "hello" })).text();
  await worker.upload("tiny", tinyModel({ seed: 2 }));
  const reads = await artifactReads();
  const answer = async () => (await worker.embed({ input: "hello" })).text();
  expect(await answer()).toBe(before);
  // In less time than after which a waiting request starts a lost load anew.
  await expect.poll(answer, { timeout: 8000, interval: 500 }).not.toBe(before);
  expect(await artifactReads()).toBe(Number(reads) + 1);
});
