/** How callers are counted, and what they hear past the limit. test/host/keys-command.test.ts has the platform's own limiter. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { randomApiKey, randomKeyId } from "../../shared/access/api-key.ts";
import { rateLimitSeconds, rateReportMilliseconds } from "../../shared/limits.ts";
import { type Dialect, errorSchemas } from "../../worker/error-dialects.ts";
import { callerAddress, RateLimiter } from "../../worker/rate-limit.ts";
import { ClosedWorker, keyStore, putKey } from "./key-fixtures.ts";
import { putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

beforeAll(async () => {
  await putModel("tiny", tinyModel());
});

/** Sends so many requests as fast as an isolate would report them one by one. */
async function requests(
  worker: ClosedWorker,
  count: number,
  send: () => Promise<Response>,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i++) {
    worker.aheadBy += rateReportMilliseconds;
    const response = await send();
    statuses.push(response.status);
    await response.body?.cancel();
  }
  return statuses;
}

/** A limiter that lets so many through, as the platform counts them. */
class CountingLimiter {
  readonly counts = new Map<string, number>();
  calls = 0;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  limit = async ({ key, delta = 1 }: RateLimitOptions) => {
    this.calls++;
    const before = this.counts.get(key) ?? 0;
    this.counts.set(key, before + delta);
    return { success: before < this.#most };
  };
}

describe("a caller past the limit", () => {
  const dialects: [Dialect, string, string][] = [
    ["openai", "/v1/embeddings", '{"input":"hello"}'],
    ["text-embeddings-inference", "/embed", '{"inputs":"hello"}'],
    ["ollama", "/api/embed", '{"input":"hello"}'],
    ["cohere", "/v2/embed", '{"texts":["hello"]}'],
  ];
  test.each(dialects)("hears so in the words of %s", async (dialect, path, body) => {
    const worker = new ClosedWorker({ RATE_LIMITER: new CountingLimiter(2) });
    const { key } = await putKey();
    const send = () => worker.ask("POST", path, key, { body });
    await requests(worker, 5, send);
    const response = await send();
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    const answer: unknown = await response.json();
    expect(errorSchemas[dialect].parse(answer)).toEqual(answer);
    if (dialect === "openai") expect(answer).toMatchObject({ error: { code: "rate_limit_exceeded" } });
    if (dialect === "text-embeddings-inference") expect(answer).toMatchObject({ error_type: "Overloaded" });
  });

  test("may go on in the next window", async () => {
    const counter = new CountingLimiter(2);
    const worker = new ClosedWorker({ RATE_LIMITER: counter });
    const { key } = await putKey();
    const statuses = await requests(worker, 8, () => worker.embed(key));
    expect(statuses).toContain(200);
    expect(statuses).toContain(429);
    counter.counts.clear();
    worker.aheadBy += rateLimitSeconds * 1000;
    expect((await worker.embed(key)).status).toBe(200);
  });

  test("is counted by address before it has a key, so that guesses end before KV is asked", async () => {
    const counter = new CountingLimiter(3);
    let reads = 0;
    const store = {
      get: ((...args: Parameters<KVNamespace["get"]>) => {
        reads++;
        return keyStore.get(...args);
      }) as KVNamespace["get"],
      list: keyStore.list.bind(keyStore),
    };
    const worker = new ClosedWorker({ RATE_LIMITER: counter, KEYS: store });
    await putKey();
    const guess = () => worker.embed(randomApiKey(randomKeyId()), { "cf-connecting-ip": "192.0.2.7" });
    const statuses = await requests(worker, 20, guess);
    expect(statuses.slice(-3)).toEqual([429, 429, 429]);
    expect(reads).toBeLessThan(10);
    const { key } = await putKey();
    const elsewhere = await worker.embed(key, { "cf-connecting-ip": "192.0.2.8" });
    expect(elsewhere.status).toBe(200);
  });
});

test("an isolate reports what came since, once a second, and waits for no report", async () => {
  let now = 1_000_000;
  const reports: number[] = [];
  let answer: (outcome: { success: boolean }) => void = () => {};
  const slow = {
    limit: ({ delta = 1 }: RateLimitOptions) => {
      reports.push(delta);
      return new Promise<{ success: boolean }>((resolve) => {
        answer = resolve;
      });
    },
  };
  const rates = new RateLimiter(() => now);
  const work: Promise<unknown>[] = [];
  const count = () => rates.count("a", slow, (promise) => work.push(promise));
  for (let i = 0; i < 100; i++) expect(count()).toBe(0);
  expect(reports).toEqual([1]);
  answer({ success: true });
  await Promise.all(work);
  now += rateReportMilliseconds;
  expect(count()).toBe(0);
  expect(reports).toEqual([1, 100]);
  answer({ success: false });
  await Promise.all(work);
  expect(count()).toBe(10 - Math.floor((now % 10_000) / 1000));
  expect(rates.count("b", slow, () => {})).toBe(0);
});

test("a limiter that fails refuses nobody", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const broken = { limit: () => Promise.reject(new Error("no counter")) };
  const worker = new ClosedWorker({ RATE_LIMITER: broken });
  const { key } = await putKey();
  expect(await requests(worker, 3, () => worker.embed(key))).toEqual([200, 200, 200]);
  log.mockRestore();
});

test("nobody is counted where the worker is open", async () => {
  const counter = new CountingLimiter(0);
  const worker = new ClosedWorker({ RATE_LIMITER: counter, ACCESS: "open" });
  expect(await requests(worker, 3, () => worker.embed())).toEqual([200, 200, 200]);
  expect(counter.calls).toBe(0);
});

test.each([
  ["192.0.2.7", "address/192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "address/2001:db8:1:2"],
  ["2001:DB8:1:2::9", "address/2001:db8:1:2"],
  ["2001:0db8:0001::1", "address/2001:db8:1:0"],
  ["::1", "address/0:0:0:0"],
  [null, "address/unknown"],
])("an address %s counts as %s", (address, counted) => {
  const headers: Record<string, string> = address === null ? {} : { "cf-connecting-ip": address };
  expect(callerAddress(new Request("https://nearvec.test/", { headers }))).toBe(counted);
});
