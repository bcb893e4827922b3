/** Body of the answer to a search. */
import { z } from "zod";

const rangeSchema = z.tuple([z.int(), z.int()]);

const explanationSchema = z
  .object({
    vector: z
      .object({ score: z.number(), normalized: z.number().nullable(), rank: z.int().nullable() })
      .nullable()
      .describe("Cosine of the query's vector and the best entry's; null where vectors were not asked."),
    keyword: z
      .object({
        score: z.number(),
        normalized: z.number().nullable(),
        rank: z.int().nullable(),
        terms: z.array(z.object({ term: z.string(), frequency: z.int(), score: z.number() })),
      })
      .nullable()
      .describe("BM25; null where words were not asked."),
  })
  .meta({ id: "Explanation", description: "Where a score comes from." });

export const searchResultSchema = z
  .object({
    id: z.string(),
    score: z.number(),
    entry: z
      .object({ index: z.int(), range: rangeSchema })
      .describe(
        "The part of the document that was found: which of its entries, and where it is in the text, UTF-16 units.",
      ),
    snippet: z
      .object({
        text: z.string(),
        range: rangeSchema.describe("Where it is in the document's text, UTF-16 units."),
        matches: z.array(rangeSchema).describe("Words of the query in the snippet's text, UTF-16 units."),
      })
      .optional(),
    text: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    vector: z
      .array(z.number())
      .optional()
      .describe("Of the entry that was found, as stored: in 8 bits, of length 1."),
    explain: explanationSchema.optional(),
  })
  .meta({ id: "SearchResult" });

export const missingPartSchema = z.object({
  segment: z.string().describe("Name of the segment."),
  part: z.enum(["index", "rows", "codes", "documents"]),
  reason: z.string(),
});

const answerShape = {
  object: z.literal("list"),
  generation: z.int().describe("Which publication of the collection the answer is computed from."),
  partial: z
    .boolean()
    .describe("Whether documents may be missing because parts of the collection could not be read."),
  missing: z.array(missingPartSchema).optional(),
  approximate: z
    .literal(true)
    .optional()
    .describe(
      "Of large collections, whose vectors are in memory as codes: scores are right to a few hundredths only.",
    ),
  sequence: z.int().optional().describe("With strong consistency: the last write that the answer knows of."),
  model: z.string(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }),
  timing: z
    .object({ load: z.number(), embed: z.number(), search: z.number(), documents: z.number() })
    .describe("Milliseconds. The clock stands still while the platform computes, so `search` is 0 there."),
};

export const searchAnswerSchema = z
  .object({
    ...answerShape,
    results: z.array(searchResultSchema).describe("Best first."),
  })
  .meta({ id: "SearchAnswer" });

export const searchAnswersSchema = z
  .object({
    ...answerShape,
    answers: z
      .array(z.object({ results: z.array(searchResultSchema) }))
      .describe("One per query, in their order."),
  })
  .meta({ id: "SearchAnswers", description: "The answer to a request with `queries`." });

export type SearchResult = z.infer<typeof searchResultSchema>;
export type MissingPart = z.infer<typeof missingPartSchema>;
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;
export type SearchAnswers = z.infer<typeof searchAnswersSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
