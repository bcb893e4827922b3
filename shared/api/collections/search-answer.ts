/** Body of the answer to a search. */
import { z } from "zod";

const rangeSchema = z.tuple([z.int(), z.int()]);

/** Where a score comes from. */
const explanationSchema = z.object({
  /** Cosine of the query's vector and the best entry's; null where vectors were not asked. */
  vector: z
    .object({ score: z.number(), normalized: z.number().nullable(), rank: z.int().nullable() })
    .nullable(),
  /** BM25; null where words were not asked. */
  keyword: z
    .object({
      score: z.number(),
      normalized: z.number().nullable(),
      rank: z.int().nullable(),
      terms: z.array(z.object({ term: z.string(), frequency: z.int(), score: z.number() })),
    })
    .nullable(),
});

export const searchResultSchema = z.object({
  id: z.string(),
  score: z.number(),
  /** The part of the document that was found: which of its entries, and where it is in the text, UTF-16 units. */
  entry: z.object({ index: z.int(), range: rangeSchema }),
  snippet: z
    .object({
      text: z.string(),
      /** Where it is in the document's text, UTF-16 units. */
      range: rangeSchema,
      /** Words of the query in the snippet's text, UTF-16 units. */
      matches: z.array(rangeSchema),
    })
    .optional(),
  text: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** Of the entry that was found, as stored: in 8 bits, of length 1. */
  vector: z.array(z.number()).optional(),
  explain: explanationSchema.optional(),
});

export const missingPartSchema = z.object({
  /** Name of the segment. */
  segment: z.string(),
  part: z.enum(["index", "rows", "codes", "documents"]),
  reason: z.string(),
});

const answerShape = {
  object: z.literal("list"),
  /** Which publication of the collection the answer is computed from. */
  generation: z.int(),
  /** Whether documents may be missing because parts of the collection could not be read. */
  partial: z.boolean(),
  missing: z.array(missingPartSchema).optional(),
  /** Of large collections, whose vectors are in memory as codes: scores are right to a few hundredths only. */
  approximate: z.literal(true).optional(),
  /** With strong consistency: the last write that the answer knows of. */
  sequence: z.int().optional(),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  /** Milliseconds. The clock stands still while the platform computes, so `search` is 0 there. */
  timing: z.object({ load: z.number(), embed: z.number(), search: z.number(), documents: z.number() }),
};

export const searchAnswerSchema = z.object({
  ...answerShape,
  /** Best first. */
  results: z.array(searchResultSchema),
});

/** The answer to a request with `queries`. */
export const searchAnswersSchema = z.object({
  ...answerShape,
  /** One per query, in their order. */
  answers: z.array(z.object({ results: z.array(searchResultSchema) })),
});

export type SearchResult = z.infer<typeof searchResultSchema>;
export type MissingPart = z.infer<typeof missingPartSchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type SearchAnswers = z.infer<typeof searchAnswersSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
