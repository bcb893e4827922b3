/** Bodies of Ollama's `POST /api/embed` and of `POST /api/embeddings`, which it replaced. */
import { z } from "zod";
import { maxInputsPerRequest } from "../../limits.ts";
import { textInput } from "../embedding-input.ts";
import { expected } from "../expected.ts";
import { dimensionsField, flag } from "../request-fields.ts";
import { ollamaModel } from "./model.ts";

/** Nothing to embed is no mistake here: Ollama's clients load a model that way. */
const nothing = [z.literal(""), z.tuple([])] as const;

export const ollamaEmbedRequestSchema = z.object({
  model: ollamaModel,
  input: z
    .preprocess(
      (value) => (nothing.some((schema) => schema.safeParse(value).success) ? undefined : value),
      textInput("input", "The text, or a list of texts.").optional(),
    )
    .meta({
      description: "The text, or a list of texts; without any, the model is loaded.",
      anyOf: [
        { type: "string" },
        { type: "array", items: { type: "string", minLength: 1 }, maxItems: maxInputsPerRequest },
      ],
    }),
  truncate: flag(
    "truncate",
    "Whether a text that is too long is cut at its end rather than refused; true if not given.",
  ),
  dimensions: dimensionsField(),
});

export const ollamaEmbedResponseSchema = z.object({
  model: z.string(),
  embeddings: z.array(z.array(z.number())),
  /** Nanoseconds. */
  total_duration: z.int(),
  load_duration: z.int(),
  prompt_eval_count: z.int(),
});

export const ollamaEmbeddingsRequestSchema = z.object({
  model: ollamaModel,
  prompt: z
    .string({ error: expected("prompt to be a string") })
    .nullish()
    .describe("The text; without any, the model is loaded."),
});

export const ollamaEmbeddingsResponseSchema = z.object({ embedding: z.array(z.number()) });

export type OllamaEmbedRequest = z.infer<typeof ollamaEmbedRequestSchema>;
