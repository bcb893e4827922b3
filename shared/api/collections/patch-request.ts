/** Body of `PATCH /v1/collections/{c}/documents/{id}`: metadata to merge (RFC 7396; null takes a field away). */
import { z } from "zod";
import { closedObject, expected } from "../expected.ts";

export const patchRequestSchema = closedObject("the body", {
  metadata: z.record(z.string(), z.unknown(), { error: expected("metadata to be an object") }),
});

export type PatchRequest = z.infer<typeof patchRequestSchema>;
