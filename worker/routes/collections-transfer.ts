/** `GET /v1/collections/{c}/export` and `POST .../import`: documents as NDJSON, in streams. */
import { readInclude } from "../../shared/api/collections/page-query.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { CollectionServices } from "../collections/collection-services.ts";
import { exportDocuments } from "../collections/service/export-documents.ts";
import { importDocuments } from "../collections/service/import-documents.ts";
import { describeWriter } from "../collections/service/write-documents.ts";
import { type App, collectionHost } from "../environment.ts";
import { expectPlainBody } from "../request-body.ts";
import { route } from "../route.ts";
import { collectionOf } from "./collection-parameters.ts";
import { transferOperations } from "./collections-description.ts";

const ndjsonTypePattern =
  /^(?:application\/(?:x-)?(?:ndjson|jsonl|json-lines|jsonlines)|application\/octet-stream)\s*(?:;|$)/i;

export function registerCollectionTransfer(app: App, { registry }: CollectionServices): void {
  route(
    app,
    "/v1/collections/:collection/export",
    {
      GET: async (c) => {
        const name = collectionOf(c);
        const writer = collectionHost(c).writer(name);
        await describeWriter(name, writer);
        const lines = exportDocuments(
          writer,
          c.req.query("prefix") ?? "",
          readInclude(c.req.query("include")) ? "all" : "needed",
        );
        return c.body(lines, 200, { "content-type": "application/x-ndjson; charset=utf-8" });
      },
    },
    { operations: { GET: transferOperations.export } },
  );
  route(
    app,
    "/v1/collections/:collection/import",
    {
      POST: async (c) => {
        const name = collectionOf(c);
        const host = collectionHost(c);
        const type = c.req.header("content-type");
        if (type !== undefined && !ndjsonTypePattern.test(type)) {
          throw new NearvecError(
            "unsupported_media_type",
            `Expected content-type application/x-ndjson, got ${type}. Send a document a line and say so: -H 'content-type: application/x-ndjson' --data-binary @docs.ndjson in curl.`,
          );
        }
        expectPlainBody(c.req.raw);
        const body = c.req.raw.body ?? new Blob([]).stream();
        return c.json(await importDocuments(name, body, registry, host));
      },
    },
    { operations: { POST: transferOperations.import } },
  );
}
