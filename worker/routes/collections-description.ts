/** What /openapi.json says of the routes of collections. */
import { z } from "zod";
import {
  collectionDeletedSchema,
  collectionListSchema,
  collectionSchema,
} from "../../shared/api/collections/collection-answer.ts";
import { collectionNameSchema } from "../../shared/api/collections/collection-name.ts";
import { collectionRequestSchema } from "../../shared/api/collections/collection-request.ts";
import { deleteRequestSchema } from "../../shared/api/collections/delete-request.ts";
import {
  documentListSchema,
  documentSchema,
  documentsDeletedSchema,
  exportedDocumentSchema,
  importAnswerSchema,
  writeAnswerSchema,
} from "../../shared/api/collections/document-answer.ts";
import {
  documentRequestSchema,
  documentsRequestSchema,
} from "../../shared/api/collections/document-request.ts";
import {
  documentQuery,
  documentsQuery,
  exportQuery,
  pageQuery,
} from "../../shared/api/collections/page-query.ts";
import { patchRequestSchema } from "../../shared/api/collections/patch-request.ts";
import { searchAnswerSchema, searchAnswersSchema } from "../../shared/api/collections/search-answer.ts";
import { searchRequestSchema } from "../../shared/api/collections/search-request.ts";
import {
  segmentAdoptedSchema,
  segmentsCheckAnswerSchema,
  segmentsCheckSchema,
} from "../../shared/api/collections/segments-check.ts";
import type { ErrorCode } from "../../shared/errors.ts";
import { maxDocumentIdBytes } from "../../shared/limits.ts";
import type { Operation } from "../api-description/operations.ts";

const tag = "Collections";
const errors: readonly ErrorCode[] = ["collection_not_found", "collections_unavailable"];

/** What the routes of one collection have in common. */
const ofCollection = {
  tag,
  names: { collection: collectionNameSchema },
  exampleNames: { collection: "notes" },
  errors,
} as const;

/** What the routes of one document have in common. */
const ofDocument = {
  tag,
  names: {
    ...ofCollection.names,
    id: z.string().min(1).max(maxDocumentIdBytes).describe("Percent-encoded, slashes too."),
  },
  exampleNames: { ...ofCollection.exampleNames, id: "a" },
  errors: ["invalid_request", "document_not_found", ...errors],
} as const;

export const collectionOperations = {
  create: {
    tag,
    summary: "Make a collection",
    description: "The model's file that is in force now stays the collection's, whatever is uploaded later.",
    request: collectionRequestSchema,
    example: { name: "notes", fields: { year: "number" } },
    status: 201,
    response: collectionSchema,
    errors: ["collection_exists", "model_not_found", "collections_unavailable"],
  },
  list: {
    tag,
    summary: "List collections",
    description: "As KV lists them: up to a minute late.",
    query: pageQuery,
    response: collectionListSchema,
    errors: ["invalid_request", "collections_unavailable"],
  },
  describe: { ...ofCollection, summary: "Describe a collection", response: collectionSchema },
  destroy: {
    ...ofCollection,
    summary: "Delete a collection with everything in it",
    response: collectionDeletedSchema,
  },
} satisfies Record<string, Operation>;

export const documentOperations = {
  write: {
    ...ofCollection,
    summary: "Write documents",
    description:
      "Each is answered on its own: one that is wrong is reported in its place, the others are written. Unchanged ones are not embedded again.",
    request: documentsRequestSchema,
    example: { documents: [{ id: "a", text: "A horse in the rain.", metadata: { year: 2020 } }] },
    response: writeAnswerSchema,
  },
  list: {
    ...ofCollection,
    summary: "List documents",
    query: documentsQuery,
    response: documentListSchema,
    errors: ["invalid_request", ...errors],
  },
  remove: {
    ...ofCollection,
    summary: "Delete documents by ids, by a filter, or all",
    description: "Exactly one of `ids`, `filter` and `all`.",
    request: deleteRequestSchema,
    example: { filter: { year: { $lt: 2020 } } },
    response: documentsDeletedSchema,
  },
  get: { ...ofDocument, summary: "Get a document", query: documentQuery, response: documentSchema },
  patch: {
    ...ofDocument,
    summary: "Change a document's metadata",
    description: "Merged into what is there (RFC 7396): null takes a field away.",
    request: patchRequestSchema,
    example: { metadata: { year: 2021 } },
    response: documentSchema,
    errors: ["document_not_found", ...errors],
  },
  removeOne: { ...ofDocument, summary: "Delete a document", response: documentsDeletedSchema },
} satisfies Record<string, Operation>;

export const searchOperation: Operation = {
  ...ofCollection,
  summary: "Search",
  description:
    "By a text, a vector (or both), or a stored document's id; or by several of them as `queries`, answered as `answers`. `topK` and `minScore` are taken for `top_k` and `min_score`.",
  request: searchRequestSchema,
  example: { query: "animals in bad weather", filter: { year: { $gte: 2020 } }, top_k: 3 },
  response: z.union([searchAnswerSchema, searchAnswersSchema]),
  errors: ["document_not_found", ...errors, "collection_memory_busy"],
};

const ndjson = "application/x-ndjson";

export const transferOperations = {
  export: {
    ...ofCollection,
    summary: "Get all documents",
    description: "In the order of their ids, vectors only of those without a text unless they are asked for.",
    query: exportQuery,
    response: { type: ndjson, lines: exportedDocumentSchema },
    errors: ["invalid_request", ...errors],
  },
  import: {
    ...ofCollection,
    summary: "Write documents, one a line",
    description:
      "Any number: read as they come, written in batches. A line that is wrong is reported with its number.",
    request: { type: ndjson, lines: documentRequestSchema },
    example: '{"id": "a", "text": "A horse in the rain."}',
    response: importAnswerSchema,
    errors: ["payload_too_large", "unsupported_media_type", ...errors],
  },
} satisfies Record<string, Operation>;

export const segmentOperations = {
  adopt: {
    ...ofCollection,
    summary: "Upload a finished segment",
    description: "Of documents embedded elsewhere: what `nearvec index` sends.",
    request: { type: "application/octet-stream" },
    response: segmentAdoptedSchema,
    errors: ["invalid_request", "payload_too_large", ...errors, "collection_memory_busy"],
  },
  check: {
    ...ofCollection,
    summary: "Tell which segments are there",
    request: segmentsCheckSchema,
    example: { segments: [] },
    response: segmentsCheckAnswerSchema,
  },
} satisfies Record<string, Operation>;
