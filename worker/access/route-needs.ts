/** What a caller must be allowed on each route: the one table, without a line in which no route can be registered. */
import type { Scope } from "../../shared/access/scope.ts";
import type { Method } from "../method.ts";

/**
 * `nothing`: open to all, always. `page`: holds no data, and is open to all once the worker has a key. `key`: any key.
 * Else all of these scopes.
 */
export type Need = "nothing" | "page" | "key" | readonly Scope[];

const embed: Need = ["embed"];
const read: Need = ["read"];
const write: Need = ["write"];
const admin: Need = ["admin"];

/** By path as Hono has it, then by method; GET stands for HEAD too. */
export const routeNeeds: Readonly<Record<string, Partial<Record<Method, Need>>>> = {
  "/health": { GET: "nothing" },
  "/": { GET: "page" },
  "/playground/:file": { GET: "page" },
  "/docs": { GET: "page" },
  "/openapi.json": { GET: "page" },

  "/v1/embeddings": { POST: embed },
  "/v1/encode_as_sequence": { POST: embed },
  "/v1/similarity": { POST: embed },
  "/v1/rerank": { POST: embed },
  "/v1/models": { GET: "key" },
  "/v1/models/:id": { GET: "key" },

  "/embed": { POST: embed },
  "/embed_all": { POST: embed },
  "/embed_sparse": { POST: embed },
  "/predict": { POST: embed },
  "/similarity": { POST: embed },
  "/rerank": { POST: embed },
  "/tokenize": { POST: embed },
  "/decode": { POST: embed },
  "/info": { GET: "key" },
  "/metrics": { GET: "key" },

  "/api/embed": { POST: embed },
  "/api/embeddings": { POST: embed },
  "/api/tags": { GET: "key" },
  "/api/ps": { GET: "key" },
  "/api/show": { POST: "key" },
  "/api/version": { GET: "key" },
  "/api/generate": { POST: "key" },
  "/api/chat": { POST: "key" },
  "/api/pull": { POST: "key" },
  "/api/push": { POST: "key" },
  "/api/create": { POST: "key" },
  "/api/copy": { POST: "key" },
  "/api/delete": { DELETE: "key" },

  "/v2/embed": { POST: embed },
  "/v2/rerank": { POST: embed },

  "/v1/collections": { GET: read, POST: admin },
  "/v1/collections/:collection": { GET: read, DELETE: admin },
  "/v1/collections/:collection/documents": { GET: read, POST: write },
  // For other methods than POST it is the document "delete".
  "/v1/collections/:collection/documents/delete": {
    GET: read,
    POST: write,
    PATCH: ["read", "write"],
    DELETE: write,
  },
  // A patch answers with the whole document.
  "/v1/collections/:collection/documents/:id{.+}": { GET: read, PATCH: ["read", "write"], DELETE: write },
  "/v1/collections/:collection/search": { POST: read },
  "/v1/collections/:collection/export": { GET: read },
  "/v1/collections/:collection/import": { POST: write },
  "/v1/collections/:collection/segments": { POST: write },
  "/v1/collections/:collection/segments/check": { POST: write },
};

/**
 * What a route needs.
 *
 * @throws Error if the table has no line for it: closed by default, and found out before the first request
 */
export function needOf(method: Method, path: string): Need {
  const need = routeNeeds[path]?.[method];
  if (need === undefined) {
    throw new Error(
      `Expected a line for ${method} ${path} in worker/access/route-needs.ts, got none. Add it.`,
    );
  }
  return need;
}
