/** Query strings: `?limit=` of a list, `?include=vector` of documents. */
import { NearvecError } from "../../errors.ts";
import { maxPageSize } from "../../limits.ts";
import { describeValue } from "../describe-value.ts";

/** @throws NearvecError `invalid_request` */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return maxPageSize;
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= maxPageSize) return limit;
  throw new NearvecError(
    "invalid_request",
    `Expected limit to be a whole number from 1 to ${maxPageSize}, got ${describeValue(text)}.`,
    { param: "limit" },
  );
}

/** Whether vectors are asked for. @throws NearvecError `invalid_request` */
export function readInclude(text: string | undefined): boolean {
  if (text === undefined || text === "vector") return text === "vector";
  throw new NearvecError("invalid_request", `Expected include to be "vector", got ${describeValue(text)}.`, {
    param: "include",
  });
}
