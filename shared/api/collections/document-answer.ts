/** Bodies of the answers about documents. */
import { z } from "zod";

const itemErrorSchema = z.object({ message: z.string(), param: z.string().nullable(), code: z.string() });

export const writeItemSchema = z.object({
  /** Null where the item had no usable id. */
  id: z.string().nullable(),
  /** `unchanged`: the same text, metadata and vector were there, so nothing was embedded or written. */
  status: z.enum(["created", "updated", "unchanged", "error"]),
  error: itemErrorSchema.optional(),
});

export const writeAnswerSchema = z.object({
  object: z.literal("list"),
  /** One per document, in the order they were sent. */
  data: z.array(writeItemSchema),
  /** The collection's count of writes: what a manifest's or a strong answer's sequence includes. */
  sequence: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  usage: z.object({ prompt_tokens: z.int(), total_tokens: z.int() }).optional(),
});

export const documentSchema = z.object({
  object: z.literal("document"),
  id: z.string(),
  text: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  /** Unix seconds. */
  updated: z.int(),
  /** Whether every reader can find this version, or only those who ask for strong consistency. */
  published: z.boolean(),
  /** Asked for with `?include=vector`. */
  vector: z.array(z.number()).optional(),
});

export const documentListSchema = z.object({
  object: z.literal("list"),
  /** By the UTF-8 bytes of their ids. */
  data: z.array(documentSchema),
  /** Send it as `cursor` for the next page; null on the last one. */
  next_cursor: z.string().nullable(),
});

export const documentsDeletedSchema = z.object({
  object: z.literal("documents.deleted"),
  deleted: z.int(),
  sequence: z.int(),
});

export const importAnswerSchema = z.object({
  object: z.literal("import"),
  /** Lines that were not empty. */
  lines: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  /** The first of those that failed. Lines are counted from 1. */
  errors: z.array(z.object({ line: z.int(), id: z.string().nullable(), error: itemErrorSchema })),
});

export type WriteItem = z.infer<typeof writeItemSchema>;
export type WriteAnswer = z.infer<typeof writeAnswerSchema>;
export type DocumentAnswer = z.infer<typeof documentSchema>;
export type DocumentList = z.infer<typeof documentListSchema>;
export type DocumentsDeleted = z.infer<typeof documentsDeletedSchema>;
export type ImportAnswer = z.infer<typeof importAnswerSchema>;
