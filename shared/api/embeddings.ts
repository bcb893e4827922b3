/** Bodies of `POST /v1/embeddings`, as OpenAI's. Fields that are not named here are ignored, `user` among them. */
import { z } from "zod";
import { numberTypes } from "../embedding/number-types.ts";
import { embeddingInputSchema } from "./embedding-input.ts";
import { expected } from "./expected.ts";
import { choice, dimensionsField, modelField, refused } from "./request-fields.ts";
import { usageSchema } from "./usage.ts";

export const embeddingsRequestSchema = z.object({
  input: embeddingInputSchema,
  model: modelField,
  /** `base64` is the little-endian bytes: a third of the size of printed floats, and exact. */
  encoding_format: z
    .enum(["float", "base64"], { error: expected('encoding_format to be "float" or "base64"') })
    .nullish()
    .describe("`base64` is the vector's little-endian bytes; `float` is numbers, of whichever type."),
  dimensions: dimensionsField(),
  output_dtype: choice(
    "output_dtype",
    numberTypes,
    "Type of the numbers: `int8` and `uint8` are scaled to the vector's direction, `binary` and `ubinary` hold eight dimensions a byte.",
  ),
  late_chunking: refused(
    "late_chunking",
    "a static model gives a word one vector whatever stands around it, so chunks embedded late are chunks embedded alone.",
  ),
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
  usage: usageSchema,
});

export type EmbeddingsRequest = z.infer<typeof embeddingsRequestSchema>;
export type EmbeddingsResponse = z.infer<typeof embeddingsResponseSchema>;
