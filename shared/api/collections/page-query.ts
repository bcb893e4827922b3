/** Query strings: `?limit=` and others of a list, `?include=vector` of documents. */
import { z } from "zod";
import { NearvecError } from "../../errors.ts";
import { maxPageSize } from "../../limits.ts";
import { describeValue } from "../describe-value.ts";

const limit = z.int().min(1).max(maxPageSize).describe(`Of a page; ${maxPageSize} if not given.`);
const cursor = z.string().describe("The `next_cursor` of the page before, asked for with the same prefix.");
const prefix = z.string().describe("Only documents whose ids begin with it.");
const include = z.literal("vector").describe("Vectors as well.");

/** What lists of collections take. */
export const pageQuery = { limit, cursor };
/** What lists of documents take. */
export const documentsQuery = { prefix, ...pageQuery };
/** What one document takes. */
export const documentQuery = { include };
/** What an export takes. */
export const exportQuery = { prefix, include };

/** @throws NearvecError `invalid_request` */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return maxPageSize;
  const { success, data } = limit.safeParse(Number(text));
  if (/^\d+$/.test(text) && success) return data;
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
