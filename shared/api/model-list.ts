/** Bodies of `GET /v1/models` and `GET /v1/models/{id}`, as OpenAI's. */
import { z } from "zod";

export const modelSchema = z.object({
  /** The name to send as `model`. */
  id: z.string(),
  object: z.literal("model"),
  /** Unix seconds at which the file in force was put in force; 0 for the bundled model, which has no such date. */
  created: z.int(),
  owned_by: z.string(),
  /** Whether the worker carries it in its own bundle, so that it answers without the bucket. */
  bundled: z.boolean(),
});

export const modelListSchema = z.object({
  object: z.literal("list"),
  data: z.array(modelSchema),
});

export type ModelDescription = z.infer<typeof modelSchema>;
export type ModelList = z.infer<typeof modelListSchema>;
