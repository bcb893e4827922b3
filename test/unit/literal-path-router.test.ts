/** The router gives what Hono's own gives, whichever way a path came to be remembered. */
import { TrieRouter } from "hono/router/trie-router";
import { expect, test } from "vitest";
import { LiteralPathRouter } from "../../worker/literal-path-router.ts";

const routes: [method: string, path: string][] = [
  ["ALL", "/*"],
  ["ALL", "/api/*"],
  ["GET", "/"],
  ["POST", "/v1/embeddings"],
  ["ALL", "/v1/embeddings"],
  ["GET", "/v1/models/:id"],
  ["POST", "/v1/collections/:collection/documents/delete"],
  ["GET", "/v1/collections/:collection/documents/:id{.+}"],
  ["POST", "/api/embed"],
  ["GET", "/v1/models/first"],
];
const paths = [
  ...["/", "/v1/embeddings", "/v1/models/first", "/v1/models/second", "/api/embed", "/api/none", "/none"],
  ...["/v1/collections/a/documents/delete", "/v1/collections/a/documents/b/c", "/v1/models/:id"],
];

test("finds the handlers that the trie finds, the first time and after that", () => {
  const own = new LiteralPathRouter<string>();
  const trie = new TrieRouter<string>();
  for (const [method, path] of routes) {
    own.add(method, path, `${method} ${path}`);
    trie.add(method, path, `${method} ${path}`);
  }
  for (const path of [...paths, ...paths]) {
    for (const method of ["GET", "POST", "PUT", "OPTIONS", "MADE-UP"]) {
      expect(own.match(method, path)).toEqual(trie.match(method, path));
    }
  }
});

test("takes routes that are added after it was asked", () => {
  const router = new LiteralPathRouter<string>();
  router.add("GET", "/", "first");
  expect(router.match("GET", "/")[0]).toHaveLength(1);
  router.add("GET", "/", "second");
  expect(router.match("GET", "/")[0]).toHaveLength(2);
});

test("leaves out what stands behind a handler that answers", () => {
  const router = new LiteralPathRouter<string>((handler) => handler.startsWith("answer"));
  for (const handler of ["pass on", "answer", "never reached"]) {
    router.add("ALL", "/fixed", handler);
    router.add("ALL", "/models/:id", handler);
  }
  router.add("ALL", "/nobody", "pass on");
  for (const path of ["/fixed", "/fixed", "/models/first", "/nobody"]) {
    const handlers = router.match("GET", path)[0].map(([handler]) => handler);
    expect(handlers).toEqual(path === "/nobody" ? ["pass on"] : ["pass on", "answer"]);
  }
});
