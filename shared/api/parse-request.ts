/** Checks a request body against its schema and turns the first mistake into our error. */
import type { z } from "zod";
import { type ErrorCode, errorStatus, NearvecError } from "../errors.ts";
import { describeValue } from "./describe-value.ts";
import { formatPath } from "./field-path.ts";
import { acceptQuickly } from "./quick-acceptance.ts";

/**
 * @param schema What the body must be.
 * @param body The parsed JSON.
 * @throws NearvecError `invalid_request`, or the code that the schema gives its mistake, its `param` naming the field, e.g. `input[3][5]`.
 */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new NearvecError(
      "invalid_request",
      `Expected the body to be a JSON object, got ${describeValue(body)}.`,
    );
  }
  const taken = acceptQuickly(schema, body);
  if (taken !== undefined) return taken;
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path ?? [];
  const param = formatPath(
    issue?.code === "unrecognized_keys" ? [...path, issue.keys[0]!.slice(0, 64)] : path,
  );
  throw new NearvecError(codeOf(issue), issue?.message ?? "The body is malformed.", { param });
}

/** What a schema says of its own mistakes with `params: { code }`; the rest is `invalid_request`. */
function codeOf(issue: z.core.$ZodIssue | undefined): ErrorCode {
  const code: unknown = issue?.code === "custom" ? issue.params?.code : undefined;
  return typeof code === "string" && code in errorStatus ? (code as ErrorCode) : "invalid_request";
}
