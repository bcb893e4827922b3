/** Every error that there is, in every dialect: a status and a body that callers of that API can read. */
import { describe, expect, test, vi } from "vitest";
import { type ErrorCode, errorStatus, NearvecError } from "../../shared/errors.ts";
import { createApp } from "../../worker/app.ts";
import { type Dialect, errorSchemas } from "../../worker/error-dialects.ts";
import { ask } from "./model-fixtures.ts";

const requests: [dialect: Dialect, path: string, body: object][] = [
  ["openai", "/v1/embeddings", { input: "hello" }],
  ["openai", "/v1/encode_as_sequence", { input: "hello" }],
  ["text-embeddings-inference", "/embed", { inputs: "hello" }],
  ["ollama", "/api/embed", { input: "hello" }],
  ["cohere", "/v2/embed", { texts: ["hello"] }],
];

/** Those whose status is not the code's own: Text Embeddings Inference has its own list of them. */
const inferenceStatus: Partial<Record<ErrorCode, [status: number, type: string]>> = {
  empty_input: [400, "Empty"],
  too_many_inputs: [413, "Validation"],
  not_supported: [400, "Backend"],
  invalid_request: [422, "Validation"],
  model_memory_busy: [429, "Overloaded"],
  storage_unavailable: [503, "Unhealthy"],
  artifact_corrupt: [424, "Backend"],
  internal_error: [424, "Backend"],
  model_not_found: [404, "Validation"],
};

function answerWith(error: unknown, path: string, body: object): Promise<Response> {
  const registry = { recall: () => undefined, get: () => Promise.reject(error) };
  const app = createApp({ registry: registry as never });
  const init = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  };
  return ask(app, path, init);
}

describe.each(requests)("%s at %s", (dialect, path, body) => {
  test.each(Object.keys(errorStatus) as ErrorCode[])("says %s", async (code) => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await answerWith(new NearvecError(code, "What went wrong."), path, body);
    log.mockRestore();
    const [status, type] = inferenceStatus[code] ?? [];
    if (dialect !== "text-embeddings-inference") expect(response.status).toBe(errorStatus[code]);
    else if (status !== undefined) expect(response.status).toBe(status);
    const text = await response.text();
    const answer: unknown = JSON.parse(text);
    expect(errorSchemas[dialect].parse(answer)).toEqual(answer);
    expect(text).toContain("What went wrong.");
    if (dialect === "openai") expect(answer).toMatchObject({ error: { code } });
    if (dialect === "text-embeddings-inference" && type !== undefined) {
      expect(answer).toMatchObject({ error_type: type });
    }
    if (errorStatus[code] === 503) expect(response.headers.get("retry-after")).toBe("5");
  });

  test("names the request and hides the details of our own mistakes", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const response = await answerWith(new Error("a secret"), path, body);
    log.mockRestore();
    const text = await response.text();
    expect(response.status).toBe(dialect === "text-embeddings-inference" ? 424 : 500);
    expect(text).toContain(response.headers.get("x-request-id"));
    expect(text).not.toContain("secret");
  });
});

test.each<[Dialect, string, string]>([
  ["openai", "GET", "/v1/nothing"],
  ["openai", "GET", "/nothing"],
  ["ollama", "GET", "/api/nothing"],
  ["ollama", "DELETE", "/api/blobs/sha256:0"],
  ["cohere", "POST", "/v2/chat"],
])("in %s for %s %s, which is not there", async (dialect, method, path) => {
  const response = await ask(createApp(), path, { method });
  expect(response.status).toBe(404);
  const answer: unknown = await response.json();
  expect(errorSchemas[dialect].parse(answer)).toEqual(answer);
});
