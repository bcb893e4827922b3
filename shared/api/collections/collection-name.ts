/** What a collection may be called: it is part of URLs and of KV keys. */
import { z } from "zod";
import { NearvecError } from "../../errors.ts";
import { describeValue } from "../describe-value.ts";

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const nameRule = "letters, digits, dots, underscores and hyphens, a letter or digit first, at most 64";

/** Whether a collection may have this name. */
export function isCollectionName(name: string): boolean {
  return namePattern.test(name);
}

export const collectionNameSchema = z
  .string({ error: (issue) => `Expected name to be a string, got ${describeValue(issue.input)}.` })
  .regex(namePattern, {
    error: (issue) => `Expected name to be ${nameRule}, got ${describeValue(issue.input)}.`,
  });

/** The error for a name that no collection has. */
export function collectionNotFound(name: string): NearvecError {
  return new NearvecError(
    "collection_not_found",
    `Expected the name of a collection that is there, got ${JSON.stringify(name.slice(0, 64))}. GET /v1/collections lists them.`,
    { param: "collection" },
  );
}
