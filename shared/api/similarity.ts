/** Bodies of `POST /v1/similarity`: how like each other texts are. */
import { z } from "zod";
import { textInput } from "./embedding-input.ts";
import { dimensionsField, modelField } from "./request-fields.ts";
import { usageSchema } from "./usage.ts";

export const similarityRequestSchema = z.object({
  input: textInput("input", "The text, or a list of texts: a row of the answer each."),
  /** Absent: the texts of `input` themselves. */
  others: textInput(
    "others",
    "What they are compared with: a column each; the input itself if not given.",
  ).optional(),
  model: modelField,
  dimensions: dimensionsField(),
});

export const similarityResponseSchema = z.object({
  object: z.literal("similarity"),
  /** Cosines, a row per text of `input`; 0 for a text without a known token. */
  similarities: z.array(z.array(z.number())),
  model: z.string(),
  usage: usageSchema,
});

export type SimilarityResponse = z.infer<typeof similarityResponseSchema>;
