/** Bodies of `POST /v1/rerank`, in the form that Jina, vLLM and Cohere's first version share. */
import { z } from "zod";
import { maxInputsPerRequest } from "../limits.ts";
import { oneText } from "./embedding-input.ts";
import { flag, modelField, wholeNumber } from "./request-fields.ts";
import { rerankDocuments } from "./rerank-documents.ts";
import { usageSchema } from "./usage.ts";

export const rerankRequestSchema = z.object({
  query: oneText("query", "What the documents are compared with."),
  documents: rerankDocuments("documents"),
  model: modelField,
  top_n: wholeNumber("top_n", 1, maxInputsPerRequest).describe("Documents to return; all if not given."),
  return_documents: flag("return_documents", "Whether the documents' texts come back with their scores."),
});

export const rerankResponseSchema = z.object({
  object: z.literal("list"),
  /** Best first. */
  results: z.array(
    z.object({
      /** Position of the document in the request. */
      index: z.int(),
      /** Cosine of query and document, from -1 to 1. */
      relevance_score: z.number(),
      document: z.object({ text: z.string() }).optional(),
    }),
  ),
  model: z.string(),
  usage: usageSchema,
});

export type RerankResponse = z.infer<typeof rerankResponseSchema>;
