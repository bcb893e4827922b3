/**
 * Body of `POST /v1/collections/{c}/documents`, and lines of an import.
 *
 * Items are checked by hand and one by one: a bad one gets an error of its own, the rest are written.
 */
import { z } from "zod";
import { NearvecError } from "../../errors.ts";
import { maxDocumentCharacters, maxDocumentIdBytes, maxDocumentsPerRequest } from "../../limits.ts";
import type { CollectionSettings } from "../../search/collection/collection-settings.ts";
import type { SourceDocument } from "../../search/collection/document.ts";
import { describeValue } from "../describe-value.ts";
import { checkDocumentId } from "./document-id.ts";
import { checkMetadata } from "./metadata-field.ts";
import { checkVector } from "./vector-field.ts";

/** A document as a client sends it. */
export interface SentDocument extends SourceDocument {
  /** Null where the text is to be embedded. */
  readonly vector: Float32Array | null;
}

/** What an item must fit. */
export type DocumentSettings = Pick<CollectionSettings, "dimensions" | "fields">;

/** A document as OpenAPI describes it; what is sent is checked below. */
export const documentRequestSchema = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(maxDocumentIdBytes)
      .describe(`At most ${maxDocumentIdBytes} bytes in UTF-8. Whatever was stored under it is replaced.`),
    text: z.string().max(maxDocumentCharacters).nullish().describe("One of text and vector must be there."),
    metadata: z.record(z.string(), z.unknown()).nullish().describe("Declared fields have their types."),
    vector: z
      .array(z.number())
      .nullish()
      .describe("In place of the text's: as many numbers as the collection has dimensions."),
  })
  .meta({ id: "NewDocument" });

/** The body of which `readDocumentList` takes the documents. */
export const documentsRequestSchema = z.strictObject({
  documents: z.array(documentRequestSchema).min(1).max(maxDocumentsPerRequest),
});

const itemFields = new Set(Object.keys(documentRequestSchema.shape));

/**
 * The items of a request's body, not yet checked.
 *
 * @throws NearvecError `invalid_request`
 */
export function readDocumentList(body: unknown): readonly unknown[] {
  const documents = (body as { documents?: unknown } | null)?.documents;
  if (!Array.isArray(documents)) {
    const what = Array.isArray(body) ? "an array: put it under documents" : describeValue(documents);
    throw invalid(
      `Expected documents to be an array of {id, text, metadata, vector}, got ${what}.`,
      "documents",
    );
  }
  if (documents.length === 0 || documents.length > maxDocumentsPerRequest) {
    throw invalid(
      `Expected 1 to ${maxDocumentsPerRequest} documents, got ${documents.length}. Send them in several requests, or as NDJSON to .../import.`,
      "documents",
    );
  }
  for (const key of Object.keys(body as object)) {
    if (key !== "documents") {
      throw invalid(`Expected no other field than documents, got ${describeValue(key)}.`, key.slice(0, 64));
    }
  }
  return documents;
}

/**
 * Checks one item.
 *
 * @param path What messages put before its fields, e.g. `documents[3].`.
 * @throws NearvecError `invalid_request`
 */
export function checkDocument(item: unknown, settings: DocumentSettings, path: string): SentDocument {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    const param = path.replace(/\.$/, "");
    throw invalid(`Expected ${param || "a document"} to be an object, got ${describeValue(item)}.`, param);
  }
  const { id, text = null, metadata = null, vector = null } = item as Record<string, unknown>;
  const checkedId = checkDocumentId(id, `${path}id`);
  for (const key of Object.keys(item)) {
    if (itemFields.has(key)) continue;
    const param = `${path}${key.slice(0, 64)}`;
    throw invalid(
      `Expected a document to have no other fields than id, text, metadata and vector, got ${param}. Put it into metadata.`,
      param,
    );
  }
  const checkedVector = vector === null ? null : checkVector(vector, settings.dimensions, `${path}vector`);
  const checkedText = text === null && checkedVector !== null ? "" : checkText(text, `${path}text`);
  if (checkedText === "" && checkedVector === null) {
    throw invalid(
      `Expected ${path}text to have at least one character, or a vector beside it.`,
      `${path}text`,
    );
  }
  return {
    id: checkedId,
    text: checkedText,
    metadata: metadata === null ? {} : checkMetadata(metadata, settings.fields, `${path}metadata`),
    vector: checkedVector,
  };
}

function checkText(text: unknown, param: string): string {
  if (typeof text !== "string") {
    throw invalid(`Expected ${param} to be a string, got ${describeValue(text ?? undefined)}.`, param);
  }
  if (text.length > maxDocumentCharacters) {
    throw invalid(
      `Expected ${param} to have at most ${maxDocumentCharacters} UTF-16 units, got ${text.length}. Split the document.`,
      param,
    );
  }
  // What UTF-8 cannot store would come back as something else.
  return text.toWellFormed();
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
