/** Why a request got no response, in words. */

/** Whether another attempt may help: not if nobody listens or the name does not exist. */
export function isWorthRetrying(cause: unknown): boolean {
  return !["ECONNREFUSED", "ENOTFOUND"].includes(networkCode(cause));
}

/** fetch says "fetch failed" and hides what happened in the cause. */
export function networkCode(error: unknown): string {
  const inner = error instanceof Error ? (error.cause ?? error) : error;
  return String((inner as { code?: unknown } | undefined)?.code ?? "");
}

export function networkReason(error: unknown): string {
  const code = networkCode(error);
  if (code === "ECONNREFUSED") return "the connection was refused";
  if (code === "ENOTFOUND") return "there is no such host";
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = inner instanceof Error ? inner.message : String(inner);
  return `the connection broke off (${code === "" ? message : code})`;
}
