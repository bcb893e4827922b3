/**
 * Body of `POST /v1/collections/{c}/search`.
 *
 * Vectors and filters are checked against the collection later, by their own parsers: only it knows its
 * dimensions and its fields.
 */
import { z } from "zod";
import {
  defaultSnippetCharacters,
  maxQueriesPerRequest,
  maxQueryCharacters,
  maxResults,
  maxResultWindow,
  maxSnippetCharacters,
} from "../../limits.ts";
import { closedObject, expected } from "../expected.ts";
import { filterSchema } from "./filter-field.ts";

const textRule = `a text of 1 to ${maxQueryCharacters} UTF-16 units`;
const querySchema = z
  .string({ error: expected(`query to be ${textRule}`) })
  .min(1, { error: `Expected query to be ${textRule}.` })
  .max(maxQueryCharacters, { error: `Expected query to be ${textRule}.` });

const numbersSchema = z
  .custom<readonly unknown[]>(Array.isArray, { error: expected("vector to be an array of numbers") })
  .meta({ type: "array", items: { type: "number" } });
const idSchema = z.string({ error: expected("id to be the id of a document") });

const oneQueryShape = {
  query: querySchema.optional().describe("A text: embedded, and searched for its words."),
  vector: numbersSchema
    .optional()
    .describe("A vector to search by; beside a query it stands for the vector of its text."),
  id: idSchema.optional().describe("A stored document to search by: others like it."),
};

type OneQuery = { query?: unknown; vector?: unknown; id?: unknown };
const asksOnce = (query: OneQuery): boolean =>
  query.id === undefined
    ? query.query !== undefined || query.vector !== undefined
    : query.query === undefined && query.vector === undefined;
const asksOnceRule = "query, vector (or both), or id";

const between = (name: string, from: number, to: number) => {
  const error = expected(`${name} to be a number from ${from} to ${to}`);
  return z.number({ error }).min(from, { error }).max(to, { error });
};
const wholeBetween = (name: string, from: number, to: number) => {
  const error = expected(`${name} to be a whole number from ${from} to ${to}`);
  return z.int({ error }).min(from, { error }).max(to, { error });
};

const fusionSchema = z.discriminatedUnion(
  "type",
  [
    closedObject("fusion", {
      type: z
        .literal("weighted")
        .describe("Both scores brought to 0 to 1 over everything that passes the filter, then added."),
      weight: between("fusion.weight", 0, 1)
        .default(0.5)
        .describe("Of the vectors' score; the words' has the rest."),
    }),
    closedObject("fusion", {
      type: z.literal("reciprocal_rank").describe("1 / (k + rank) in either ranking, added."),
      k: between("fusion.k", 0, 10_000).default(60),
    }),
  ],
  { error: expected('fusion to be {"type": "weighted", weight} or {"type": "reciprocal_rank", k}') },
);

const searchFieldsSchema = closedObject("the body", {
  ...oneQueryShape,
  queries: z
    .array(
      z.union(
        [
          querySchema.transform((query) => ({ query })),
          closedObject("a query", oneQueryShape).refine(asksOnce),
        ],
        {
          error: expected(`each of queries to be a text or an object with ${asksOnceRule}`),
        },
      ),
      { error: expected("queries to be an array") },
    )
    .min(1, { error: "Expected at least one of queries." })
    .max(maxQueriesPerRequest, { error: `Expected at most ${maxQueriesPerRequest} queries.` })
    .optional()
    .describe("Several in one request, in place of query, vector and id; answered as `answers`."),
  top_k: wholeBetween("top_k", 1, maxResults).default(10),
  offset: wholeBetween("offset", 0, maxResultWindow - 1).default(0),
  min_score: z
    .number({ error: expected("min_score to be a number") })
    .optional()
    .describe("Results with a lower score are left out. What scores mean depends on mode and fusion."),
  mode: z
    .enum(["hybrid", "vector", "keyword"], { error: expected('mode to be "hybrid", "vector" or "keyword"') })
    .optional()
    .describe("Hybrid if not given and there is a query's text, else vector."),
  fusion: fusionSchema.default({ type: "weighted", weight: 0.5 }),
  filter: filterSchema.optional(),
  include: z
    .array(
      z.enum(["text", "metadata", "vector"], {
        error: expected('each of include to be "text", "metadata" or "vector"'),
      }),
      { error: expected("include to be an array") },
    )
    .max(3, { error: "Expected at most 3 of include." })
    .default(["metadata"]),
  snippet: z
    .union(
      [
        z.literal(false),
        closedObject("snippet", {
          length: wholeBetween("snippet.length", 20, maxSnippetCharacters).default(defaultSnippetCharacters),
        }),
      ],
      { error: expected(`snippet to be {"length": 20 to ${maxSnippetCharacters}} or false`) },
    )
    .default({ length: defaultSnippetCharacters })
    .describe("UTF-16 units of a snippet at most; false: none."),
  diversity: between("diversity", 0, 1)
    .default(0)
    .describe(
      "Weight of the unlikeness to results before it: 0 is by score alone. One less lambda of maximal marginal relevance.",
    ),
  explain: z.boolean({ error: expected("explain to be true or false") }).default(false),
  consistency: z
    .enum(["eventual", "strong"], { error: expected('consistency to be "eventual" or "strong"') })
    .default("eventual")
    .describe(
      "`strong` also sees what is acknowledged but not published; it asks the collection's Durable Object.",
    ),
})
  .refine((body) => (body.queries === undefined ? asksOnce(body) : !asksAnything(body)), {
    error: `Expected ${asksOnceRule}, or queries; one of these.`,
    path: ["query"],
  })
  .refine(({ offset, top_k }) => offset + top_k <= maxResultWindow, {
    error: `Expected offset + top_k to be at most ${maxResultWindow}. Narrow the search with a filter.`,
    path: ["offset"],
  });

function asksAnything({ query, vector, id }: OneQuery): boolean {
  return query !== undefined || vector !== undefined || id !== undefined;
}

/** Other spellings that are taken, with the names they stand for. */
const aliases: Readonly<Record<string, string>> = { topK: "top_k", minScore: "min_score" };

/** Elements of lists, counted before zod checks them one by one and notes a mistake for each of millions. */
const listLimits: Readonly<Record<string, number>> = { queries: maxQueriesPerRequest, include: 3 };

export const searchRequestSchema = z.preprocess((body, context) => {
  const renamed = { ...(body as Record<string, unknown>) };
  for (const [alias, name] of Object.entries(aliases)) {
    if (!Object.hasOwn(renamed, alias) || Object.hasOwn(renamed, name)) continue;
    renamed[name] = renamed[alias];
    delete renamed[alias];
  }
  for (const [name, most] of Object.entries(listLimits)) {
    const list = renamed[name];
    if (!Array.isArray(list) || list.length <= most) continue;
    const message = `Expected at most ${most} of ${name}, got ${list.length}.`;
    context.addIssue({ code: "custom", path: [name], message });
    return z.NEVER;
  }
  return renamed;
}, searchFieldsSchema);

export type SearchRequest = z.infer<typeof searchRequestSchema>;
/** What one query asks by. */
export interface SearchedBy {
  readonly query?: string | undefined;
  /** Not checked yet. */
  readonly vector?: readonly unknown[] | undefined;
  readonly id?: string | undefined;
}
