/** Bodies of Cohere's `POST /v2/rerank`. */
import { z } from "zod";
import { maxInputsPerRequest, maxTokenIdsPerInput } from "../../limits.ts";
import { oneText } from "../embedding-input.ts";
import { modelField, wholeNumber } from "../request-fields.ts";
import { rerankDocuments } from "../rerank-documents.ts";

export const cohereRerankRequestSchema = z.object({
  model: modelField,
  query: oneText("query", "What the documents are compared with."),
  documents: rerankDocuments("documents"),
  top_n: wholeNumber("top_n", 1, maxInputsPerRequest).describe("Documents to return; all if not given."),
  max_tokens_per_doc: wholeNumber("max_tokens_per_doc", 1, maxTokenIdsPerInput).describe(
    "Tokens to pool of each document; the model's maximum if not given.",
  ),
});

export const cohereRerankResponseSchema = z.object({
  id: z.string(),
  /** Best first; scores from 0 to 1, a negative cosine counting as 0. */
  results: z.array(z.object({ index: z.int(), relevance_score: z.number() })),
  meta: z.object({
    api_version: z.object({ version: z.literal("2") }),
    billed_units: z.object({ search_units: z.int() }),
  }),
});

export type CohereRerankResponse = z.infer<typeof cohereRerankResponseSchema>;
