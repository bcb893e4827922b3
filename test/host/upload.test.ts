/** `nearvec upload` against the S3 endpoint of wrangler dev: what it stores, what it says, what stays served. */
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BucketAccess } from "../../distill-job/upload/bucket-access.ts";
import { publishModel, sha256Of } from "../../distill-job/upload/publish-model.ts";
import { rollBack } from "../../distill-job/upload/roll-back.ts";
import { S3Bucket } from "../../distill-job/upload/s3-bucket.ts";
import { artifactKey, pointerKey } from "../../shared/model-store/model-location.ts";
import { tinyModel } from "../workerd/tiny-model.ts";
import { type RunningWorker, runWorker, startTimeout } from "./running-worker.ts";

const first = tinyModel({ seed: 1 });
const second = tinyModel({ seed: 2 });
let worker: RunningWorker;
const proxies: Server[] = [];

beforeAll(async () => {
  worker = await runWorker();
}, startTimeout);
afterAll(async () => worker?.stop());
afterEach(() => {
  for (const proxy of proxies.splice(0)) {
    proxy.closeAllConnections();
    proxy.close();
  }
});

const publish = (name: string, artifact: Uint8Array, access: Partial<BucketAccess> = {}) =>
  publishModel(new S3Bucket({ ...worker.access, ...access }), name, artifact);

async function pointerOf(name: string): Promise<{ sha256: string; previous: string | null } | null> {
  const object = await new S3Bucket(worker.access).get(pointerKey(name));
  return object === null ? null : JSON.parse(object.text);
}

/** Stands between the upload and the bucket; `interfere` may answer, or destroy the socket, and return true. */
async function proxy(
  interfere: (method: string, path: string, destroy: () => void) => boolean,
): Promise<string> {
  const target = new URL(worker.url);
  const server = createServer();
  server.on("request", (request, response) => {
    const destroy = () => request.socket.destroy();
    if (interfere(request.method ?? "", request.url ?? "", destroy)) return;
    // Bytes are passed on as they are: the signature covers the host header.
    const upstream = connect(Number(target.port), target.hostname);
    const headers = [`${request.method} ${request.url} HTTP/1.1`, "connection: close"];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      if (request.rawHeaders[i]?.toLowerCase() !== "connection") {
        headers.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      }
    }
    upstream.write(`${headers.join("\r\n")}\r\n\r\n`);
    request.pipe(upstream, { end: false });
    response.socket?.on("error", () => {});
    upstream.pipe(response.socket!);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxies.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/cdn-cgi/local/r2/s3`;
}

describe("an upload", () => {
  test("stores the file under its digest, then the pointer; the worker serves it", async () => {
    const result = await publish("fresh", first);
    const sha256 = sha256Of(first);
    expect(result).toEqual({
      ...{ name: "fresh", sha256, bytes: first.byteLength },
      ...{ uploaded: true, activated: true, previous: null },
    });
    expect((await new S3Bucket(worker.access).head(artifactKey("fresh", sha256)))?.bytes).toBe(
      first.byteLength,
    );
    expect(await pointerOf("fresh")).toEqual({ sha256, bytes: first.byteLength, previous: null });
    expect((await worker.embed({ input: "hello", model: "fresh" })).status).toBe(200);
  });

  test("of the same file again sends nothing and changes nothing", async () => {
    await publish("same", first);
    expect(await publish("same", first)).toMatchObject({ uploaded: false, activated: false });
  });

  test("of another file remembers the one before; going back sends nothing", async () => {
    await publish("turns", first);
    const forth = await publish("turns", second);
    expect(forth).toMatchObject({ uploaded: true, activated: true, previous: sha256Of(first) });
    const back = await publish("turns", first);
    expect(back).toMatchObject({ uploaded: false, activated: true, previous: sha256Of(second) });
    expect(await pointerOf("turns")).toMatchObject({ sha256: sha256Of(first), previous: sha256Of(second) });
  });

  test("mends a pointer that is broken", async () => {
    const bucket = new S3Bucket(worker.access);
    const broken = new TextEncoder().encode("{");
    await bucket.put(pointerKey("mended"), broken, { sha256: sha256Of(broken) });
    expect(await publish("mended", first)).toMatchObject({ activated: true });
    expect((await worker.embed({ input: "hello", model: "mended" })).status).toBe(200);
  });
});

test("a rollback serves the file before again", async () => {
  await publish("rolled", first);
  await publish("rolled", second);
  expect(await rollBack(new S3Bucket(worker.access), "rolled", undefined)).toMatchObject({ activated: true });
  expect(await pointerOf("rolled")).toMatchObject({ sha256: sha256Of(first), previous: sha256Of(second) });
});

describe("an upload that fails", () => {
  test.each([
    [
      "a wrong secret",
      { secretAccessKey: "wrong" },
      "storage_access_denied",
      /nearvec-local .*403.*R2_SECRET_ACCESS_KEY/,
    ],
    ["a wrong key id", { accessKeyId: "wrong" }, "storage_access_denied", /401|403/],
    [
      "a missing bucket",
      { bucket: "no-such-bucket" },
      "bucket_not_found",
      /no-such-bucket.*wrangler r2 bucket create/,
    ],
    [
      "nobody listening",
      { endpoint: "http://127.0.0.1:49151" },
      "storage_unavailable",
      /connection was refused/,
    ],
  ])("for %s says so in one line", async (_, access, code, message) => {
    const error = await publish("denied", first, access).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain("\n");
    expect((error as Error).message).not.toContain(worker.access.secretAccessKey);
    expect(await pointerOf("denied")).toBeNull();
  });

  test("because the connection breaks in mid-file leaves the old model in force and served", async () => {
    await publish("interrupted", first);
    const endpoint = await proxy((method, _, destroy) => {
      if (method !== "PUT") return false;
      setTimeout(destroy, 20);
      return true;
    });
    const error = await publish("interrupted", second, { endpoint }).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: "storage_unavailable" });
    expect((error as Error).message).toMatch(/broke off.*still is/);
    expect(await pointerOf("interrupted")).toMatchObject({ sha256: sha256Of(first) });
    expect(await new S3Bucket(worker.access).head(artifactKey("interrupted", sha256Of(second)))).toBeNull();
    expect((await worker.embed({ input: "hello", model: "interrupted" })).status).toBe(200);
  });

  test("between file and pointer leaves the old model in force; the next upload sends only the pointer", async () => {
    await publish("half", first);
    const endpoint = await proxy((method, path, destroy) => {
      if (method !== "PUT" || !path.endsWith("current.json")) return false;
      destroy();
      return true;
    });
    await expect(publish("half", second, { endpoint })).rejects.toMatchObject({
      code: "storage_unavailable",
    });
    expect(await pointerOf("half")).toMatchObject({ sha256: sha256Of(first) });
    expect(await publish("half", second)).toMatchObject({ uploaded: false, activated: true });
  });

  test("in passing is tried again", async () => {
    let broken = 0;
    const endpoint = await proxy((method, _, destroy) => {
      if (method !== "PUT" || broken++ > 0) return false;
      destroy();
      return true;
    });
    expect(await publish("retried", first, { endpoint })).toMatchObject({ uploaded: true, activated: true });
    expect(broken).toBeGreaterThan(1);
  });

  test("because another upload moved the pointer meanwhile says so, and leaves that one in force", async () => {
    await publish("contended", first);
    const third = tinyModel({ seed: 3 });
    const bucket = new S3Bucket(worker.access);
    const readPointer = bucket.get.bind(bucket);
    let moved = false;
    bucket.get = async (key) => {
      const before = await readPointer(key);
      if (!moved) {
        moved = true;
        await publish("contended", third);
      }
      return before;
    };
    const error = await publishModel(bucket, "contended", second).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: "upload_conflict" });
    expect(await pointerOf("contended")).toMatchObject({ sha256: sha256Of(third) });
  });
});
