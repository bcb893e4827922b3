/** Requests as curl lines, for sh, bash and zsh. */
import type { ApiRequest } from "../api/worker-api.ts";
import { type CodeTarget, keyVariable } from "./code-sample.ts";

/**
 * @example
 * ```ts
 * curlCode({ path: "/v1/similarity", body: { input: ["a", "b"] } }, { base: "http://127.0.0.1:8787", keyed: false });
 * ```
 */
export function curlCode({ method, path, body }: ApiRequest, { base, keyed }: CodeTarget): string {
  const parts = [`curl ${quoted(base + path)}`];
  if (method === "DELETE") parts.push("-X DELETE");
  if (keyed) parts.push(`-H "authorization: Bearer $${keyVariable}"`);
  if (body !== undefined) {
    parts.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  }
  return parts.join(" \\\n  ");
}

/** In single quotes unless it needs none: nothing has a meaning in them but themselves. */
function quoted(text: string): string {
  return /^[\w:/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
