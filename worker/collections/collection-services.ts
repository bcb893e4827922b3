/** What an isolate keeps of collections from one request to the next. */
import type { ModelRegistry } from "../model-registry.ts";
import { DocumentReader } from "./reader/document-reader.ts";
import { ManifestReader, type ManifestReaderOptions } from "./reader/manifest-reader.ts";
import { PartCache } from "./reader/part-cache.ts";
import { ResidentCollections } from "./reader/resident-collections.ts";

export interface CollectionServices {
  readonly registry: ModelRegistry;
  readonly manifests: ManifestReader;
  readonly residents: ResidentCollections;
  readonly parts: PartCache;
  readonly documents: DocumentReader;
}

/** @param registry Its models share their memory with the collections. */
export function createCollectionServices(
  registry: ModelRegistry,
  options: ManifestReaderOptions = {},
): CollectionServices {
  const parts = new PartCache(registry.isolateMemory);
  return {
    registry,
    manifests: new ManifestReader(options),
    residents: new ResidentCollections(registry.isolateMemory, options.now),
    parts,
    documents: new DocumentReader(parts),
  };
}
