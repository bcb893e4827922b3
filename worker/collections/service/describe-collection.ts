/** A collection with its statistics: what its writer knows, what is published, what is resident here. */
import {
  type CollectionAnswer,
  type CollectionSummary,
  describeSettings,
} from "../../../shared/api/collections/collection-answer.ts";
import type { Manifest } from "../../../shared/search/collection/manifest.ts";
import { partsOf } from "../../../shared/search/collection/segment-parts.ts";
import { shardName } from "../../../shared/search/collection/shards.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import type { WriterDescription } from "../collection-writer.ts";
import { describeWriter } from "./write-documents.ts";

/** @throws NearvecError `collection_not_found` */
export async function describeCollection(
  name: string,
  { manifests, residents }: CollectionServices,
  host: CollectionHost,
): Promise<CollectionAnswer> {
  const writer = host.writer(name);
  const description = await describeWriter(name, writer);
  // The writers' own: KV's may be older than the numbers beside them.
  const published = await publishedManifests(description, host);
  if (description.settings.shards === 1) for (const manifest of published) manifests.learn(manifest);
  const resident = residents.peek(name);
  const sum = (of: (manifest: Manifest) => number) =>
    published.reduce((total, manifest) => total + of(manifest), 0);
  const publishedAt = Math.max(
    ...published.filter(({ generation }) => generation > 0).map((each) => each.publishedAt),
  );
  return {
    object: "collection",
    name,
    created: toSeconds(description.createdAt),
    ...describeSettings(description.settings),
    statistics: {
      documents: description.documents,
      published_documents: sum(({ statistics }) => statistics.documents),
      entries: sum(({ statistics }) => statistics.entries),
      rows: sum(({ statistics }) => statistics.rows),
      bytes: sum(bytesOf),
      segments: sum(({ segments }) => segments.length),
      generation: description.generation,
      published: Number.isFinite(publishedAt) ? toSeconds(publishedAt) : null,
      pending: description.sequence - description.publishedSequence,
      whitened: published.some(({ whitening }) => whitening !== null),
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

/** Of the collection, or of all its shards. */
async function publishedManifests(description: WriterDescription, host: CollectionHost): Promise<Manifest[]> {
  const { name, settings } = description;
  const names = settings.shards === 1 ? [name] : shardNames(name, settings.shards);
  const manifests = await Promise.all(names.map((each) => host.writer(each).manifest()));
  return manifests.filter((manifest) => manifest !== null);
}

/** A line of the list. @throws NearvecError `collection_not_found` */
export async function summarizeCollection(
  name: string,
  { manifests }: CollectionServices,
  host: CollectionHost,
): Promise<CollectionSummary> {
  const manifest = await manifests.read(name, host);
  const { createdAt, settings } = manifest;
  const published =
    settings.shards === 1
      ? [manifest]
      : await Promise.all(shardNames(name, settings.shards).map((shard) => manifests.read(shard, host)));
  return {
    object: "collection",
    name,
    created: toSeconds(createdAt),
    model: { id: settings.model.name, sha256: settings.model.sha256 },
    dimensions: settings.dimensions,
    documents: published.reduce((sum, { statistics }) => sum + statistics.documents, 0),
    generation: published.reduce((sum, { generation }) => sum + generation, 0),
  };
}

function shardNames(name: string, shards: number): string[] {
  return Array.from({ length: shards }, (_, shard) => shardName(name, shard));
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
