/** Body of `POST /v1/collections/{c}/documents/delete`: one of ids, a filter, or all. */
import { z } from "zod";
import { maxDocumentsPerRequest } from "../../limits.ts";
import { atMost } from "../at-most.ts";
import { closedObject, expected } from "../expected.ts";
import { filterSchema } from "./filter-field.ts";

export const deleteRequestSchema = closedObject("the body", {
  ids: atMost(
    maxDocumentsPerRequest,
    `Expected at most ${maxDocumentsPerRequest} ids.`,
    z
      .array(z.string({ error: expected("an id to be a string") }), { error: expected("ids to be an array") })
      .min(1, { error: "Expected at least one id." }),
  ).optional(),
  filter: filterSchema.optional(),
  all: z.literal(true, { error: expected("all to be true") }).optional(),
}).refine((body) => [body.ids, body.filter, body.all].filter((part) => part !== undefined).length === 1, {
  error: "Expected exactly one of ids, filter and all.",
});

export type DeleteRequest = z.infer<typeof deleteRequestSchema>;
