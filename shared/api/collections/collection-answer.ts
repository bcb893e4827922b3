/** Bodies of the answers about collections. */
import { z } from "zod";
import {
  type CollectionSettings,
  fieldTypes,
  vectorBackends,
} from "../../search/collection/collection-settings.ts";

const settingsShape = {
  model: z
    .object({ id: z.string(), sha256: z.string() })
    .describe(
      "The model, and which file of it: whatever is uploaded later, this one stays the collection's.",
    ),
  dimensions: z.int(),
  fields: z.record(z.string(), z.enum(fieldTypes)),
  chunking: z
    .object({ by: z.enum(["sentences", "size"]), max_characters: z.int(), overlap_characters: z.int() })
    .nullable(),
  whitening: z.enum(["auto", "on", "off"]),
  best_window: z.boolean(),
  shards: z.int(),
  backend: z.enum(vectorBackends),
};

export const collectionSchema = z
  .object({
    object: z.literal("collection"),
    name: z.string(),
    created: z.int().describe("Unix seconds."),
    ...settingsShape,
    statistics: z.object({
      documents: z.int().describe("Documents, those included that are not published yet."),
      published_documents: z.int().describe("Published documents, and what can be found of them."),
      entries: z.int(),
      rows: z.int(),
      bytes: z.int().describe("Bytes in KV of what is published."),
      segments: z.int(),
      generation: z.int(),
      published: z.int().nullable().describe("Unix seconds; null before the first publication."),
      pending: z.int().describe("Writes that are not published yet."),
      whitened: z.boolean().describe("Whether scores are of whitened vectors at this generation."),
      publish_error: z
        .string()
        .nullable()
        .describe("Why the newest attempt to publish failed; it is repeated."),
      resident: z
        .object({ generation: z.int(), bytes: z.int(), complete: z.boolean() })
        .nullable()
        .describe("What the isolate that answered holds of it; null if nothing."),
    }),
  })
  .meta({ id: "Collection" });

export const collectionSummarySchema = z
  .object({
    object: z.literal("collection"),
    name: z.string(),
    created: z.int(),
    model: settingsShape.model,
    dimensions: z.int(),
    documents: z.int(),
    generation: z.int(),
  })
  .meta({ id: "CollectionSummary", description: "A line of the list: published numbers, as KV has them." });

export const collectionListSchema = z.object({
  object: z.literal("list"),
  data: z.array(collectionSummarySchema),
  next_cursor: z.string().nullable(),
});

export const collectionDeletedSchema = z.object({
  object: z.literal("collection.deleted"),
  name: z.string(),
  deleted: z.literal(true),
});

export type CollectionAnswer = z.infer<typeof collectionSchema>;
export type CollectionSummary = z.infer<typeof collectionSummarySchema>;
export type CollectionList = z.infer<typeof collectionListSchema>;

/** Settings as answers print them. */
export function describeSettings(
  settings: CollectionSettings,
): Pick<CollectionAnswer, keyof typeof settingsShape> {
  const { chunking } = settings;
  return {
    model: { id: settings.model.name, sha256: settings.model.sha256 },
    dimensions: settings.dimensions,
    fields: { ...settings.fields },
    chunking:
      chunking === null
        ? null
        : {
            by: chunking.by,
            max_characters: chunking.maxCharacters,
            overlap_characters: chunking.overlapCharacters,
          },
    whitening: settings.whitening,
    best_window: settings.bestWindow,
    shards: settings.shards,
    backend: settings.backend,
  };
}
