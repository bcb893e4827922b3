/** `POST /v1/collections/{c}/segments` and `.../segments/check`: finished segments, from `nearvec index`. */
import {
  type SegmentAdopted,
  type SegmentsCheckAnswer,
  segmentsCheckSchema,
} from "../../shared/api/collections/segments-check.ts";
import { parseRequest } from "../../shared/api/parse-request.ts";
import { NearvecError } from "../../shared/errors.ts";
import { maxSegmentUploadBytes } from "../../shared/limits.ts";
import type { CollectionServices } from "../collections/collection-services.ts";
import { adoptSegment } from "../collections/service/adopt-segment.ts";
import { describeWriter } from "../collections/service/write-documents.ts";
import { type App, collectionHost } from "../environment.ts";
import { readJsonBody } from "../json-body.ts";
import { readBody } from "../request-body.ts";
import { route } from "../route.ts";
import { collectionOf } from "./collection-parameters.ts";
import { segmentOperations } from "./collections-description.ts";

export function registerCollectionSegments(app: App, { registry }: CollectionServices): void {
  route(
    app,
    "/v1/collections/:collection/segments",
    {
      POST: async (c) => {
        const name = collectionOf(c);
        const host = collectionHost(c);
        const announced = Number(c.req.header("content-length") ?? maxSegmentUploadBytes);
        // It shares the isolate with models and collections, some of which may have to go for it.
        const room = registry.isolateMemory.reserve(
          `upload/${c.get("work").requestId}`,
          Math.min(announced, maxSegmentUploadBytes),
          "replaced",
        );
        if (typeof room === "string") {
          throw new NearvecError(
            "collection_memory_busy",
            "Expected room for the segment, but others take it up. Try again in a moment.",
          );
        }
        try {
          const body = await readBody(
            c.req.raw,
            maxSegmentUploadBytes,
            "Upload fewer documents in a segment.",
          );
          const adopted = await adoptSegment(name, body, host);
          return c.json({ object: "segment.adopted", ...adopted } satisfies SegmentAdopted);
        } finally {
          registry.isolateMemory.release(room);
        }
      },
    },
    { operations: { POST: segmentOperations.adopt } },
  );
  route(
    app,
    "/v1/collections/:collection/segments/check",
    {
      POST: async (c) => {
        const name = collectionOf(c);
        const writer = collectionHost(c).writer(name);
        const { segments } = parseRequest(segmentsCheckSchema, await readJsonBody(c.req.raw));
        await describeWriter(name, writer);
        const adopted = await writer.adopted(segments);
        const data = segments.map((segment, i) => ({ segment, adopted: adopted[i]! }));
        return c.json({ object: "list", data } satisfies SegmentsCheckAnswer);
      },
    },
    { operations: { POST: segmentOperations.check } },
  );
}
