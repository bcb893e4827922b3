/** `POST`, `GET /v1/collections` and `GET`, `DELETE /v1/collections/{c}`. */
import { reachesCollection } from "../../shared/access/scope.ts";
import type { CollectionList } from "../../shared/api/collections/collection-answer.ts";
import { collectionNotFound } from "../../shared/api/collections/collection-name.ts";
import { collectionRequestSchema } from "../../shared/api/collections/collection-request.ts";
import { decodeCursor, encodeCursor } from "../../shared/api/collections/list-cursor.ts";
import { readLimit } from "../../shared/api/collections/page-query.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import { NearvecError } from "../../shared/errors.ts";
import { manifestKeyPrefix } from "../../shared/search/collection/collection-keys.ts";
import { expectCollection } from "../access/admission.ts";
import type { CollectionServices } from "../collections/collection-services.ts";
import { fromStore } from "../collections/published-store.ts";
import { createCollection } from "../collections/service/create-collection.ts";
import { describeCollection, summarizeCollection } from "../collections/service/describe-collection.ts";
import { type App, collectionHost } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import { route } from "../route.ts";
import { collectionOf } from "./collection-parameters.ts";
import { collectionOperations } from "./collections-description.ts";

export function registerCollections(app: App, services: CollectionServices): void {
  route(
    app,
    "/v1/collections",
    {
      POST: async (c) => {
        const host = collectionHost(c);
        const request = parseRequest(collectionRequestSchema, await readJsonBody(c.req.raw));
        expectCollection(c, request.name);
        await createCollection(request, services, host);
        return c.json(await describeCollection(request.name, services, host), 201);
      },
      GET: async (c) => {
        const host = collectionHost(c);
        const limit = readLimit(c.req.query("limit"));
        const sent = c.req.query("cursor");
        const cursor = sent === undefined ? undefined : decodeCursor("collections", sent, "");
        const page = await fromStore(manifestKeyPrefix, () =>
          host.store.list({ prefix: manifestKeyPrefix, limit, ...(cursor === undefined ? {} : { cursor }) }),
        );
        const { caller } = c.get("work");
        const names = page.keys
          .map(({ name }) => name.slice(manifestKeyPrefix.length))
          .filter((name) => caller === undefined || reachesCollection(caller, name));
        const body: CollectionList = {
          object: "list",
          data: [],
          next_cursor: page.list_complete ? null : encodeCursor("collections", page.cursor, ""),
        };
        for (const name of names) {
          try {
            body.data.push(await summarizeCollection(name, services, host));
          } catch (error) {
            // Deleted a moment ago: the list is older than that.
            if (!isNotFound(error)) throw error;
          }
        }
        return c.json(body);
      },
    },
    { operations: { POST: collectionOperations.create, GET: collectionOperations.list } },
  );
  route(
    app,
    "/v1/collections/:collection",
    {
      GET: async (c) => c.json(await describeCollection(collectionOf(c), services, collectionHost(c))),
      DELETE: async (c) => {
        const name = collectionOf(c);
        const writer = collectionHost(c).writer(name);
        const description = await writer.describe();
        if (description === null || !(await writer.destroy())) throw collectionNotFound(name);
        services.manifests.forget(name, description.createdAt);
        services.residents.evict(name);
        return c.json({ object: "collection.deleted", name, deleted: true });
      },
    },
    { operations: { GET: collectionOperations.describe, DELETE: collectionOperations.destroy } },
  );
}

function isNotFound(error: unknown): boolean {
  return NearvecError.isInstance(error) && error.code === "collection_not_found";
}
