/** Keys over their life: when they begin to work, when they stop, and what those learn who hold none. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  apiKeyPattern,
  apiKeySha256,
  randomApiKey,
  randomKeyId,
  readApiKey,
} from "../../shared/access/api-key.ts";
import { crc32 } from "../../shared/access/crc-32.ts";
import { type KeyRecord, keyRecordKey } from "../../shared/access/key-record.ts";
import { keyFreshSeconds, keyOutageSeconds, keyUsableSeconds, maxKnownKeys } from "../../shared/limits.ts";
import { createApp } from "../../worker/app.ts";
import { ClosedWorker, CountingStore, inSeconds, keyStore, putKey } from "./key-fixtures.ts";
import { ask, errorOf, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

beforeEach(async () => {
  await putModel("tiny", tinyModel());
  for (const { name } of (await keyStore.list()).keys) await keyStore.delete(name);
});

async function refusal(response: Response): Promise<{ status: number; code: string; message: string }> {
  const { code, message } = await errorOf(response);
  return { status: response.status, code, message };
}

describe("a key", () => {
  test("is 61 letters and digits that a scanner finds, with a checksum", () => {
    for (let i = 0; i < 200; i++) {
      const id = randomKeyId();
      const key = randomApiKey(id);
      expect(key).toMatch(/^nv_[0-9a-z]{8}_[0-9A-Za-z]{49}$/);
      expect(`api_key="${key}";`.match(apiKeyPattern)?.[0]).toBe(key);
      expect(readApiKey(key)).toEqual({ id });
      // Wherever one character is wrong.
      const at = 12 + (i % 49);
      const typo = key.slice(0, at) + (key[at] === "x" ? "y" : "x") + key.slice(at + 1);
      expect(readApiKey(typo)).toBe("checksum");
    }
    // The check value that the algorithm's catalogue gives.
    expect(crc32("123456789")).toBe(0xcbf43926);
  });

  test("holds 256 random bits", () => {
    const seen = new Set(Array.from({ length: 500 }, () => randomApiKey("aaaaaaaa").slice(12, 55)));
    expect(seen.size).toBe(500);
    // In each of the first places nearly every digit turns up; the very first is under 9 of 62, by its value.
    for (const place of [1, 20, 42]) {
      expect(new Set([...seen].map((secret) => secret[place])).size).toBeGreaterThan(50);
    }
  });

  test("is stored as its SHA-256 only", async () => {
    const { key, record } = await putKey();
    const stored = (await keyStore.get(keyRecordKey(record.id)))!;
    expect(stored).toContain(await apiKeySha256(key));
    expect(stored).not.toContain(key.slice(12));
  });
});

describe("a worker without keys", () => {
  test.each(["/v1/embeddings", "/", "/docs", "/openapi.json", "/v1/models", "/nowhere"])(
    "refuses %s and says how to make one",
    async (path) => {
      const worker = new ClosedWorker();
      for (const key of [undefined, randomApiKey("aaaaaaaa")]) {
        const response = await worker.ask("GET", path, key);
        const { status, code, message } = await refusal(response);
        expect({ status, code }).toEqual({ status: 401, code: "no_api_keys" });
        expect(message).toContain("nearvec keys create");
      }
    },
  );

  test("answers /health", async () => {
    expect((await new ClosedWorker().ask("GET", "/health")).status).toBe(200);
  });

  test.each(["keys", "Open", "local", ""])("is as closed with ACCESS=%s", async (ACCESS) => {
    expect((await new ClosedWorker({ ACCESS }).embed()).status).toBe(401);
  });

  test("without the binding says so", async () => {
    const worker = new ClosedWorker({ KEYS: undefined });
    const { status, message } = await refusal(await worker.embed(randomApiKey("aaaaaaaa")));
    expect(status).toBe(401);
    expect(message).toMatch(/binding KEYS/);
    expect((await worker.ask("GET", "/health")).status).toBe(200);
  });

  test("takes the first key at once, and shows its pages within ten seconds", async () => {
    const worker = new ClosedWorker();
    expect((await worker.ask("GET", "/docs")).status).toBe(401);
    const { key } = await putKey();
    expect((await worker.embed(key)).status).toBe(200);
    expect((await worker.ask("GET", "/docs")).status).toBe(200);
    const other = new ClosedWorker();
    expect((await other.ask("GET", "/docs")).status).toBe(200);
  });

  test("asks KV about it once in ten seconds", async () => {
    const store = new CountingStore();
    const worker = new ClosedWorker({ KEYS: store });
    for (let i = 0; i < 5; i++) await worker.ask("GET", "/docs");
    expect(store.lists).toBe(1);
    worker.aheadBy += 10_001;
    await worker.ask("GET", "/docs");
    expect(store.lists).toBe(2);
  });
});

describe("expiry", () => {
  test("comes on time, in an isolate that knows the key too, and only its holder is told", async () => {
    const worker = new ClosedWorker();
    const expires = inSeconds(20);
    const { key, record } = await putKey({ expires });
    await putKey();
    expect((await worker.embed(key)).status).toBe(200);
    worker.aheadBy = 20_001;
    const told = await refusal(await worker.embed(key));
    expect(told).toMatchObject({ status: 401, code: "invalid_api_key" });
    expect(told.message).toContain(`${record.id} expired on ${expires}`);
    const guess = await refusal(await worker.embed(randomApiKey(record.id)));
    expect(guess.message).toMatch(/knows no such key/);
  });
});

describe("an unknown key", () => {
  test("gets the same answer whether or not its id is there", async () => {
    const worker = new ClosedWorker();
    const { record } = await putKey();
    const wrongSecret = await refusal(await worker.embed(randomApiKey(record.id)));
    const wrongId = await refusal(await worker.embed(randomApiKey("zzzzzzzz")));
    expect(wrongSecret).toEqual(wrongId);
    expect(wrongId).toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  test("is looked up once in half a minute", async () => {
    const store = new CountingStore();
    const worker = new ClosedWorker({ KEYS: store });
    await putKey();
    const key = randomApiKey("zzzzzzzz");
    for (let i = 0; i < 5; i++) expect((await worker.embed(key)).status).toBe(401);
    expect(store.reads).toBe(1);
  });

  test("pushes none out of memory that are known, however many come", async () => {
    const store = new CountingStore();
    const worker = new ClosedWorker({ KEYS: store });
    const { key } = await putKey();
    await worker.embed(key);
    for (let i = 0; i < maxKnownKeys + 10; i++) {
      await worker.ask("GET", "/v1/models", randomApiKey(i.toString(36).padStart(8, "0")));
    }
    const { reads } = store;
    expect((await worker.embed(key)).status).toBe(200);
    expect(store.reads).toBe(reads);
  });

  test("of a record that is damaged opens nothing", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const worker = new ClosedWorker();
    const { key, record } = await putKey();
    const damaged: [string, unknown][] = [
      ["cut off", JSON.stringify(record).slice(0, -2)],
      ["another id's", { ...record, id: "zzzzzzzz" }],
      ["of no scopes", { ...record, scopes: [] }],
      ["of unknown scopes", { ...record, scopes: ["root"] }],
      ["of a later version", { ...record, version: 2 }],
    ];
    for (const [what, value] of damaged) {
      worker.aheadBy += keyUsableSeconds * 1000;
      await keyStore.put(keyRecordKey(record.id), typeof value === "string" ? value : JSON.stringify(value));
      expect((await worker.embed(key)).status, what).toBe(401);
    }
    log.mockRestore();
  });
});

describe("a known key", () => {
  test("costs one read of KV in half a minute, and the next goes along with a request", async () => {
    const store = new CountingStore();
    const worker = new ClosedWorker({ KEYS: store });
    const { key } = await putKey();
    for (let i = 0; i < 10; i++) expect((await worker.embed(key)).status).toBe(200);
    expect(store.reads).toBe(1);
    worker.aheadBy += keyFreshSeconds * 1000;
    for (let i = 0; i < 10; i++) expect((await worker.embed(key)).status).toBe(200);
    expect(store.reads).toBe(2);
  });

  test("that was revoked is refused within a minute", async () => {
    const worker = new ClosedWorker();
    const { key, record } = await putKey();
    await putKey();
    expect((await worker.embed(key)).status).toBe(200);
    await keyStore.delete(keyRecordKey(record.id));
    worker.aheadBy = keyFreshSeconds * 1000;
    // This one still passes, and has the record read again.
    expect((await worker.embed(key)).status).toBe(200);
    expect((await refusal(await worker.embed(key))).message).toMatch(/knows no such key/);
  });

  test("that was revoked while the isolate slept is refused at once", async () => {
    const worker = new ClosedWorker();
    const { key, record } = await putKey();
    await putKey();
    await worker.embed(key);
    await keyStore.delete(keyRecordKey(record.id));
    worker.aheadBy = keyUsableSeconds * 1000;
    expect((await worker.embed(key)).status).toBe(401);
  });

  test("gets its new scopes within a minute", async () => {
    const worker = new ClosedWorker();
    const { key, record } = await putKey({ scopes: ["read"] });
    expect((await worker.embed(key)).status).toBe(403);
    await keyStore.put(keyRecordKey(record.id), JSON.stringify({ ...record, scopes: ["embed"] }));
    worker.aheadBy = keyUsableSeconds * 1000;
    expect((await worker.embed(key)).status).toBe(200);
  });

  test("goes on for ten minutes while KV fails, and others get 503", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const store = new CountingStore();
    const worker = new ClosedWorker({ KEYS: store });
    const { key } = await putKey();
    const { key: stranger } = await putKey();
    await worker.embed(key);
    store.failure = new Error("KV is down");
    for (const seconds of [keyFreshSeconds, keyUsableSeconds, keyOutageSeconds - 1]) {
      worker.aheadBy = seconds * 1000;
      expect((await worker.embed(key)).status, `after ${seconds} s`).toBe(200);
    }
    const response = await worker.embed(stranger);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect((await errorOf(response)).code).toBe("storage_unavailable");
    worker.aheadBy = keyOutageSeconds * 1000;
    expect((await worker.embed(key)).status).toBe(503);
    log.mockRestore();
  });

  test("is refused wherever a guess differs, and of a wrong one the digest is compared in constant time", async () => {
    const compare = vi.spyOn(crypto.subtle, "timingSafeEqual");
    const worker = new ClosedWorker();
    const { key, record } = await putKey();
    await worker.embed(key);
    for (let at = 0; at < key.length; at++) {
      const guess = key.slice(0, at) + (key[at] === "x" ? "y" : "x") + key.slice(at + 1);
      expect((await worker.embed(guess)).status, `character ${at}`).toBe(401);
    }
    compare.mockClear();
    expect((await worker.embed(randomApiKey(record.id))).status).toBe(401);
    expect(compare.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[64, 64]]);
    compare.mockRestore();
  });
});

describe("rotation", () => {
  test("leaves the old secret in force until its end, and tells its holder afterwards", async () => {
    const worker = new ClosedWorker();
    const { key: old, record } = await putKey();
    expect((await worker.embed(old)).status).toBe(200);
    const next = randomApiKey(record.id);
    const until = inSeconds(300);
    const rotated: KeyRecord = {
      ...record,
      secrets: [
        { sha256: await apiKeySha256(next), created: inSeconds(0), expires: null },
        { ...record.secrets[0]!, expires: until },
      ],
    };
    await keyStore.put(keyRecordKey(record.id), JSON.stringify(rotated));
    worker.aheadBy = keyUsableSeconds * 1000;
    expect((await worker.embed(next)).status).toBe(200);
    expect((await worker.embed(old)).status).toBe(200);
    worker.aheadBy = 300_001;
    expect((await worker.embed(next)).status).toBe(200);
    const { status, message } = await refusal(await worker.embed(old));
    expect(status).toBe(401);
    expect(message).toContain(`replaced, and ran out on ${until}`);
  });
});

describe("an Authorization header", () => {
  const worker = new ClosedWorker();
  const header = (authorization: string) => worker.embed(undefined, { authorization });

  test("is read as RFC 6750 has it, the scheme in any case", async () => {
    const { key } = await putKey();
    for (const value of [`Bearer ${key}`, `bearer ${key}`, `BEARER   ${key}`, `  Bearer ${key}  `]) {
      expect((await header(value)).status, value).toBe(200);
    }
  });

  test.each<[string, (key: string) => string]>([
    ["another scheme", (key) => `Basic ${key}`],
    ["no scheme", (key) => key],
    ["no key", () => "Bearer"],
    ["nothing but spaces", () => "Bearer    "],
    ["two keys", (key) => `Bearer ${key}, Bearer ${key}`],
    ["a key and more", (key) => `Bearer ${key} x`],
    ["a key in upper case", (key) => `Bearer ${key.toUpperCase()}`],
    ["a key and a tab", (key) => `Bearer\t${key}`],
    ["a megabyte", () => `Bearer ${"a".repeat(1024 * 1024)}`],
    ["Latin-1", (key) => `Bearer ${key.slice(0, -1)}é`],
    ["61 characters that are not ASCII", () => `Bearer ${"é".repeat(61)}`],
    [
      "a key with one character 256 higher",
      (key) => `Bearer ${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(60) + 0x100)}`,
    ],
    ["the name of a property", () => "Bearer __proto__"],
    ["the name of a property as the id", () => `Bearer nv_tostring_${"0".repeat(49)}`],
  ])("with %s gets 401, and the answer repeats none of it", async (_, write) => {
    const { key } = await putKey();
    await worker.embed(key);
    const value = write(key);
    const response = await header(value);
    expect(response.status).toBe(401);
    const text = JSON.stringify([...response.headers]) + (await response.text());
    expect(text).toContain("invalid_api_key");
    expect(text).not.toContain(key.slice(12));
    expect(text).not.toContain(key.slice(20, 40));
    expect(text.length).toBeLessThan(1200);
  });
});

describe("collections", () => {
  test("are listed, made and deleted only as far as a key reaches", async () => {
    const worker = new ClosedWorker();
    const all = (await putKey({ scopes: ["admin"] })).key;
    const some = (await putKey({ scopes: ["admin"], collections: ["alpha", "team-*"] })).key;
    const make = (key: string, name: string) =>
      worker.ask("POST", "/v1/collections", key, {
        body: JSON.stringify({ name }),
        headers: { "content-type": "application/json" },
      });
    for (const name of ["alpha", "beta", "team-one", "teamless"]) {
      expect((await make(all, name)).status).toBe(201);
    }
    const listed = async (key: string) => {
      const { data } = await (await worker.ask("GET", "/v1/collections", key)).json<{
        data: { name: string }[];
      }>();
      return data.map(({ name }) => name).sort();
    };
    expect(await listed(all)).toEqual(["alpha", "beta", "team-one", "teamless"]);
    expect(await listed(some)).toEqual(["alpha", "team-one"]);
    expect((await refusal(await make(some, "gamma"))).code).toBe("permission_denied");
    expect((await make(some, "team-two")).status).toBe(201);
    expect((await worker.ask("DELETE", "/v1/collections/beta", some)).status).toBe(403);
    expect((await worker.ask("DELETE", "/v1/collections/alpha", some)).status).toBe(200);
    expect(await listed(all)).toContain("beta");
  });
});

test("createApp({ access }) decides for those who mount the app, whatever the variable says", async () => {
  const closed = createApp({ access: "keys" });
  expect((await ask(closed, "/v1/models", {}, { access: { ACCESS: "open" } })).status).toBe(401);
  const open = createApp({ access: "open" });
  expect((await ask(open, "/v1/models", {}, { access: {} })).status).toBe(200);
});
