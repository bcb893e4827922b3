/** One line of JSON for each request: what was asked of whom, and what came of it. No text, no path, no key. */
import type { AppContext } from "./environment.ts";

/** `failures` are answers from status 400 on. */
export type RequestLogLevel = "all" | "failures" | "off";

/** @param level The worker's variable REQUEST_LOG decides if not given; without that, every request has its line. */
export function logRequest(c: AppContext, status: number, level = levelOf(c.env.REQUEST_LOG)): void {
  if (level === "off" || (level === "failures" && status < 400)) return;
  const { requestId, route, caller, inputs, tokens, failure, totalMilliseconds } = c.get("work");
  const line = {
    event: "request",
    method: c.req.method,
    // As it is registered: paths have ids of documents in them.
    route: route ?? null,
    status,
    // Cloudflare's clock stands still while a Worker computes: this is time spent waiting.
    milliseconds: Math.round(totalMilliseconds * 1000) / 1000,
    request_id: requestId,
    key: caller?.id ?? null,
    items: inputs,
    tokens,
    error: failure ?? null,
  };
  // As text: an object would be printed over many lines.
  console.log(JSON.stringify(line));
}

function levelOf(variable: string | undefined): RequestLogLevel {
  return variable === "off" || variable === "failures" ? variable : "all";
}
