/** Bodies of `POST /v1/encode_as_sequence`: a vector for every token, as model2vec's `encode_as_sequence`. */
import { z } from "zod";
import { maxTokenIdsPerInput } from "../limits.ts";
import { textInput } from "./embedding-input.ts";
import { choice, dimensionsField, modelField, wholeNumber } from "./request-fields.ts";
import { usageSchema } from "./usage.ts";

export const sequenceRequestSchema = z.object({
  input: textInput("input", "The text, or a list of texts."),
  model: modelField,
  dimensions: dimensionsField(),
  max_length: wholeNumber("max_length", 1, maxTokenIdsPerInput).describe(
    "Tokens to keep of each text; all if not given, as in model2vec.",
  ),
  encoding_format: choice(
    "encoding_format",
    ["float", "base64"],
    "`base64` is the little-endian float32 bytes of all vectors of a text, one after the other.",
  ),
});

export const sequenceResponseSchema = z.object({
  object: z.literal("list"),
  data: z.array(
    z.object({
      object: z.literal("sequence"),
      /** Position of its text in the request. */
      index: z.int(),
      /** The tokens' ids, unknown ones left out. */
      token_ids: z.array(z.int()),
      /** Number of tokens and dimensions of a vector. */
      shape: z.tuple([z.int(), z.int()]),
      /** One vector per token, neither averaged nor normalized. */
      embedding: z.union([z.array(z.array(z.number())), z.base64()]),
    }),
  ),
  model: z.string(),
  usage: usageSchema,
});

export type SequenceResponse = z.infer<typeof sequenceResponseSchema>;
