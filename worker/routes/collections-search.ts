/** `POST /v1/collections/{c}/search`. */
import { searchRequestSchema } from "../../shared/api/collections/search-request.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import type { CollectionServices } from "../collections/collection-services.ts";
import { searchCollection } from "../collections/service/search-collection.ts";
import { type App, collectionHost } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import { route } from "../route.ts";
import { collectionOf } from "./collection-parameters.ts";
import { searchOperation } from "./collections-description.ts";

export function registerCollectionSearch(app: App, services: CollectionServices): void {
  route(
    app,
    "/v1/collections/:collection/search",
    {
      POST: async (c) => {
        const request = parseRequest(searchRequestSchema, await readJsonBody(c.req.raw));
        const answer = await searchCollection(collectionOf(c), request, services, collectionHost(c));
        const stages = Object.entries(answer.timing).map(([stage, duration]) => `${stage};dur=${duration}`);
        c.header("server-timing", `${stages.join(", ")}, total;dur=${c.get("work").totalMilliseconds}`);
        return c.json(answer);
      },
    },
    { operations: { POST: searchOperation } },
  );
}
