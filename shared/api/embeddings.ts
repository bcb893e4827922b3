/** Bodies of `POST /v1/embeddings`, as OpenAI's. Fields that are not named here are ignored, `user` among them. */
import { z } from "zod";
import { maxDimensions } from "../limits.ts";
import { embeddingInputSchema } from "./embedding-input.ts";
import { expected } from "./expected.ts";

export const embeddingsRequestSchema = z.object({
  input: embeddingInputSchema,
  /** Absent: the worker's default model. */
  model: z.string({ error: expected("model to be the name of a model, see GET /v1/models") }).nullish(),
  /** `base64` is the little-endian float32 bytes: a third of the size, and exact. */
  encoding_format: z
    .enum(["float", "base64"], { error: expected('encoding_format to be "float" or "base64"') })
    .nullish(),
  /** Keep this many leading dimensions and normalize again. Absent: all that the model has. */
  dimensions: z
    .int({ error: expected(`dimensions to be an integer from 1 to ${maxDimensions}`) })
    .min(1, { error: expected("dimensions to be at least 1") })
    .max(maxDimensions, { error: expected(`dimensions to be at most ${maxDimensions}`) })
    .nullish(),
});

export const embeddingsResponseSchema = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      object: z.literal("embedding"),
      /** Position of its input in the request. */
      index: z.int(),
      embedding: z.union([z.array(z.number()), z.base64()]),
    }),
  ),
  /** The model that answered, also where the request named none. */
  model: z.string(),
  usage: z.object({
    /** Tokens that were pooled: unknown ones and those beyond the model's maximum length do not count. */
    prompt_tokens: z.int(),
    total_tokens: z.int(),
  }),
});

export type EmbeddingsRequest = z.infer<typeof embeddingsRequestSchema>;
export type EmbeddingsResponse = z.infer<typeof embeddingsResponseSchema>;
