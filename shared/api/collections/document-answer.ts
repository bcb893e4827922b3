/** Bodies of the answers about documents. */
import { z } from "zod";

const itemErrorSchema = z
  .object({ message: z.string(), param: z.string().nullable(), code: z.string() })
  .meta({ id: "ItemError" });

export const writeItemSchema = z
  .object({
    id: z.string().nullable().describe("Null where the item had no usable id."),
    status: z
      .enum(["created", "updated", "unchanged", "error"])
      .describe(
        "`unchanged`: the same text, metadata and vector were there, so nothing was embedded or written.",
      ),
    error: itemErrorSchema.optional(),
  })
  .meta({ id: "WriteItem" });

export const writeAnswerSchema = z.object({
  object: z.literal("list"),
  data: z.array(writeItemSchema).describe("One per document, in the order they were sent."),
  sequence: z
    .int()
    .describe("The collection's count of writes: what a manifest's or a strong answer's sequence includes."),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
});

export const documentSchema = z
  .object({
    object: z.literal("document"),
    id: z.string(),
    text: z.string(),
    metadata: z.record(z.string(), z.unknown()),
    updated: z.int().describe("Unix seconds."),
    published: z
      .boolean()
      .describe("Whether every reader can find this version, or only those who ask for strong consistency."),
    vector: z.array(z.number()).optional().describe("Asked for with `?include=vector`."),
  })
  .meta({ id: "Document" });

/** A line of an export, which is a line of an import. */
export const exportedDocumentSchema = documentSchema.pick({
  id: true,
  text: true,
  metadata: true,
  vector: true,
});

export const documentListSchema = z.object({
  object: z.literal("list"),
  data: z.array(documentSchema).describe("By the UTF-8 bytes of their ids."),
  next_cursor: z.string().nullable().describe("Send it as `cursor` for the next page; null on the last one."),
});

export const documentsDeletedSchema = z.object({
  object: z.literal("documents.deleted"),
  deleted: z.int(),
  sequence: z.int(),
});

export const importAnswerSchema = z.object({
  object: z.literal("import"),
  lines: z.int().describe("Lines that were not empty."),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  errors: z
    .array(z.object({ line: z.int(), id: z.string().nullable(), error: itemErrorSchema }))
    .describe("The first of those that failed. Lines are counted from 1."),
});

export type WriteItem = z.infer<typeof writeItemSchema>;
export type WriteAnswer = z.infer<typeof writeAnswerSchema>;
export type DocumentAnswer = z.infer<typeof documentSchema>;
export type DocumentList = z.infer<typeof documentListSchema>;
export type DocumentsDeleted = z.infer<typeof documentsDeletedSchema>;
export type ImportAnswer = z.infer<typeof importAnswerSchema>;
