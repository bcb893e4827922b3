/** Pages of other origins: refused by default, let in by a list, and always able to read why they were refused. */
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../worker/app.ts";
import { ClosedWorker, putKey } from "./key-fixtures.ts";
import { ask, putModel } from "./model-fixtures.ts";
import { tinyModel } from "./tiny-model.ts";

const origin = "https://app.example.com";
const preflight = {
  origin,
  "access-control-request-method": "POST",
  "access-control-request-headers": "authorization, content-type",
};
const corsHeaders = (response: Response) =>
  [...response.headers.keys()].filter((name) => name.startsWith("access-control-"));
let key: string;

beforeAll(async () => {
  await putModel("tiny", tinyModel());
  ({ key } = await putKey());
});

describe("by default", () => {
  const worker = new ClosedWorker();
  test("no answer has a word for other origins", async () => {
    const response = await worker.embed(key, { origin });
    expect(response.status).toBe(200);
    expect(corsHeaders(response)).toEqual([]);
    expect(response.headers.get("vary")).toBeNull();
  });
  test("a preflight is an OPTIONS like any other", async () => {
    const response = await worker.ask("OPTIONS", "/v1/embeddings", undefined, { headers: preflight });
    expect(response.status).toBe(204);
    expect(response.headers.get("allow")).toBe("POST, OPTIONS");
    expect(corsHeaders(response)).toEqual([]);
  });
});

describe("with a list", () => {
  const worker = new ClosedWorker({ CORS_ORIGINS: `http://localhost:5173, ${origin}/` });

  test.each(["/v1/embeddings", "/v1/nowhere"])(
    "a preflight of %s needs no key, and names what may be sent",
    async (path) => {
      const response = await worker.ask("OPTIONS", path, undefined, { headers: preflight });
      expect(response.status).toBe(204);
      expect(response.headers.get("access-control-allow-origin")).toBe(origin);
      expect(response.headers.get("access-control-allow-methods")).toContain("POST");
      expect(response.headers.get("access-control-allow-headers")).toContain("authorization");
      expect(response.headers.get("access-control-max-age")).toBe("7200");
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
      expect(response.headers.get("vary")).toMatch(/origin/i);
      expect(response.headers.get("x-request-id")).toMatch(/^req_/);
    },
  );

  test.each([
    ["an answer", 200, () => key],
    ["a refusal", 401, () => undefined],
    ["a refusal of a key", 401, () => "sk-not-ours"],
  ])("%s can be read by the page", async (_, status, keyOf) => {
    const response = await worker.embed(keyOf(), { origin });
    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-expose-headers")).toContain("x-request-id");
    expect(response.headers.get("vary")).toMatch(/origin/i);
  });

  test.each([
    "https://evil.example.com",
    "null",
    "https://app.example.com.evil.com",
    "http://app.example.com",
  ])("the origin %s is not let in", async (other) => {
    for (const response of [
      await worker.embed(key, { origin: other }),
      await worker.ask("OPTIONS", "/v1/embeddings", undefined, { headers: { ...preflight, origin: other } }),
    ]) {
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
      expect(response.headers.get("vary")).toMatch(/origin/i);
    }
  });

  test("an answer to no origin still varies by it, for caches", async () => {
    expect((await worker.embed(key)).headers.get("vary")).toMatch(/origin/i);
  });

  test.each([
    ["/", 200],
    ["/v1/nowhere", 404],
  ])("%s, too, can be read by the page", async (path, status) => {
    const response = await worker.ask("GET", path, key, { headers: { origin } });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([status, origin]);
    expect(response.headers.get("x-request-id")).toMatch(/^req_/);
  });

  test("an OPTIONS that is no preflight tells the methods", async () => {
    const response = await worker.ask("OPTIONS", "/v1/models");
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  });
});

test("createApp({ corsOrigins }) takes the place of the variable, and * lets all in", async () => {
  const app = createApp({ corsOrigins: ["*"] });
  const response = await ask(app, "/v1/models", { headers: { origin: "https://any.example.com" } });
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
});
