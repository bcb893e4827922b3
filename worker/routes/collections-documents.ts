/** `POST`, `GET /v1/collections/{c}/documents`, `GET`, `PATCH`, `DELETE .../{id}` and `POST .../delete`. */
import { deleteRequestSchema } from "../../shared/api/collections/delete-request.ts";
import type {
  DocumentAnswer,
  DocumentList,
  DocumentsDeleted,
  WriteAnswer,
} from "../../shared/api/collections/document-answer.ts";
import { documentNotFound } from "../../shared/api/collections/document-id.ts";
import { readDocumentList } from "../../shared/api/collections/document-request.ts";
import { decodeCursor, encodeCursor } from "../../shared/api/collections/list-cursor.ts";
import { readInclude, readLimit } from "../../shared/api/collections/page-query.ts";
import { patchRequestSchema } from "../../shared/api/collections/patch-request.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import { jsonAnswer } from "../answer-kind.ts";
import type { AnswerRequest } from "../answer-request.ts";
import type { CollectionServices } from "../collections/collection-services.ts";
import type { StoredDocument } from "../collections/collection-writer.ts";
import { patchDocument } from "../collections/service/patch-document.ts";
import { removeDocuments } from "../collections/service/remove-documents.ts";
import { describeWriter, writeDocuments } from "../collections/service/write-documents.ts";
import { AnswerText } from "../embedding/answer-text.ts";
import { printWithVector } from "../embedding/print-vector.ts";
import { type App, collectionHost } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import type { Method } from "../method.ts";
import { route } from "../route.ts";
import { collectionOf, documentOf } from "./collection-parameters.ts";
import { documentOperations } from "./collections-description.ts";

export function registerCollectionDocuments(app: App, { registry }: CollectionServices): void {
  route(
    app,
    "/v1/collections/:collection/documents",
    {
      POST: async (c) => {
        const host = collectionHost(c);
        const items = readDocumentList(await readJsonBody(c.req.raw));
        const path = (place: number) => `documents[${place}].`;
        const { items: data, sequence } = await writeDocuments(collectionOf(c), items, path, registry, host);
        const count = (status: string) => data.filter((item) => item.status === status).length;
        const body: WriteAnswer = {
          object: "list",
          data: [...data],
          sequence,
          created: count("created"),
          updated: count("updated"),
          unchanged: count("unchanged"),
          failed: count("error"),
        };
        return c.json(body);
      },
      GET: async (c) => {
        const name = collectionOf(c);
        const writer = collectionHost(c).writer(name);
        const limit = readLimit(c.req.query("limit"));
        const prefix = c.req.query("prefix") ?? "";
        const cursor = c.req.query("cursor");
        const after = cursor === undefined ? null : decodeCursor("documents", cursor, prefix);
        await describeWriter(name, writer);
        const page = await writer.list({ prefix, after, limit });
        const body: DocumentList = {
          object: "list",
          data: page.map(print),
          next_cursor: page.length < limit ? null : encodeCursor("documents", page.at(-1)!.id, prefix),
        };
        return c.json(body);
      },
    },
    { operations: { POST: documentOperations.write, GET: documentOperations.list } },
  );
  const ofDocument: Partial<Record<Method, AnswerRequest>> = {
    GET: async (c) => {
      const name = collectionOf(c);
      const writer = collectionHost(c).writer(name);
      const id = documentOf(c);
      const [document] = await writer.read([id]);
      if (document == null) return notThere(name, id, writer);
      const vector = readInclude(c.req.query("include")) ? await writer.readVector(id) : null;
      const answer = new AnswerText();
      printWithVector(print(document), vector, answer);
      return jsonAnswer.answer(c, answer.finish());
    },
    PATCH: async (c) => {
      const { metadata } = parseRequest(patchRequestSchema, await readJsonBody(c.req.raw));
      const id = documentOf(c);
      return c.json(print(await patchDocument(collectionOf(c), id, metadata, collectionHost(c))));
    },
    DELETE: async (c) => {
      const name = collectionOf(c);
      const writer = collectionHost(c).writer(name);
      const id = documentOf(c);
      const { removed, sequence } = await writer.remove([id]);
      if (removed === 0) return notThere(name, id, writer);
      return c.json({ object: "documents.deleted", deleted: removed, sequence } satisfies DocumentsDeleted);
    },
  };
  // Before the next one: for other methods than POST it is the document "delete".
  route(
    app,
    "/v1/collections/:collection/documents/delete",
    {
      ...ofDocument,
      POST: async (c) => {
        const request = parseRequest(deleteRequestSchema, await readJsonBody(c.req.raw));
        const removal = await removeDocuments(collectionOf(c), request, collectionHost(c));
        return c.json({ object: "documents.deleted", ...removal } satisfies DocumentsDeleted);
      },
    },
    { operations: { POST: documentOperations.remove } },
  );
  route(app, "/v1/collections/:collection/documents/:id{.+}", ofDocument, {
    operations: {
      GET: documentOperations.get,
      PATCH: documentOperations.patch,
      DELETE: documentOperations.removeOne,
    },
  });
}

/** Says whether it is the document that is not there, or the whole collection. */
async function notThere(
  name: string,
  id: string,
  writer: Parameters<typeof describeWriter>[1],
): Promise<never> {
  await describeWriter(name, writer);
  throw documentNotFound(id);
}

function print({ id, text, metadata, updatedAt, published }: StoredDocument): DocumentAnswer {
  return {
    object: "document",
    id,
    text,
    metadata: { ...metadata },
    updated: Math.floor(updatedAt / 1000),
    published,
  };
}
