/** A collection with its statistics: what its writer knows, what is published, what is resident here. */
import {
  type CollectionAnswer,
  type CollectionSummary,
  describeSettings,
} from "../../../shared/api/collections/collection-answer.ts";
import type { Manifest } from "../../../shared/search/collection/manifest.ts";
import { partsOf } from "../../../shared/search/collection/segment-parts.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import { describeWriter } from "./write-documents.ts";

/** @throws NearvecError `collection_not_found` */
export async function describeCollection(
  name: string,
  { manifests, residents }: CollectionServices,
  host: CollectionHost,
): Promise<CollectionAnswer> {
  const writer = host.writer(name);
  const description = await describeWriter(name, writer);
  // The writer's own: KV's may be older than the numbers beside it.
  const manifest = await writer.manifest();
  if (manifest !== null) manifests.learn(manifest);
  const resident = residents.peek(name);
  const statistics = manifest?.statistics;
  return {
    object: "collection",
    name,
    created: toSeconds(description.createdAt),
    ...describeSettings(description.settings),
    statistics: {
      documents: description.documents,
      published_documents: statistics?.documents ?? 0,
      entries: statistics?.entries ?? 0,
      rows: statistics?.rows ?? 0,
      bytes: manifest === null ? 0 : bytesOf(manifest),
      segments: manifest?.segments.length ?? 0,
      generation: description.generation,
      published: manifest === null || manifest.generation === 0 ? null : toSeconds(manifest.publishedAt),
      pending: description.sequence - description.publishedSequence,
      whitened: manifest?.whitening != null,
      publish_error: description.publishError,
      resident:
        resident?.manifest.incarnation === description.incarnation
          ? {
              generation: resident.manifest.generation,
              bytes: resident.byteLength,
              complete: resident.complete,
            }
          : null,
    },
  };
}

/** A line of the list. */
export function summarize({
  name,
  createdAt,
  settings,
  statistics,
  generation,
}: Manifest): CollectionSummary {
  return {
    object: "collection",
    name,
    created: toSeconds(createdAt),
    model: { id: settings.model.name, sha256: settings.model.sha256 },
    dimensions: settings.dimensions,
    documents: statistics.documents,
    generation,
  };
}

function bytesOf({ segments }: Manifest): number {
  return segments.reduce(
    (sum, segment) => sum + partsOf(segment).reduce((total, { bytes }) => total + bytes, 0),
    0,
  );
}

function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
