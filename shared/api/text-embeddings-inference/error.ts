/** How Text Embeddings Inference answers a mistake. */
import { z } from "zod";

export const inferenceErrorTypes = [
  "Unhealthy",
  "Backend",
  "Overloaded",
  "Validation",
  "Tokenizer",
  "Empty",
] as const;
export type InferenceErrorType = (typeof inferenceErrorTypes)[number];

export const inferenceErrorSchema = z
  .object({
    error: z.string(),
    error_type: z.enum(inferenceErrorTypes),
  })
  .meta({ id: "InferenceError" });

export type InferenceError = z.infer<typeof inferenceErrorSchema>;
