/** Names as a part of a URL's path. */
import { describeValue } from "../../shared/api/describe-value.ts";
import { NearvecError } from "../../shared/errors.ts";

/** @throws NearvecError invalid_request for what no path can name, or what would name another one */
export function pathSegment(name: string, param: string): string {
  if (typeof name === "string" && !/^\.{0,2}$/.test(name) && name.isWellFormed()) {
    return encodeURIComponent(name);
  }
  const message = `Expected ${param} to be well-formed text, neither empty nor dots alone, got ${describeValue(name)}.`;
  throw new NearvecError("invalid_request", message, { param });
}
