/** Makes a collection: pins its model, and has its writer remember it. */
import { type CollectionRequest, settingsOf } from "../../../shared/api/collections/collection-request.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";

/** @throws NearvecError `model_not_found`, `invalid_request`, `collection_exists`, `collections_unavailable` */
export async function createCollection(
  request: CollectionRequest,
  { registry, manifests }: CollectionServices,
  host: CollectionHost,
): Promise<void> {
  const resident = await registry.get(request.model ?? null, host);
  const { dimensions, metadata } = resident.model;
  const settings = settingsOf(request, {
    name: resident.name,
    sha256: await registry.sha256Of(resident),
    dimensions,
    rotated: metadata.rotated,
  });
  await host.writer(request.name).create(request.name, settings);
  manifests.expect(request.name);
}
