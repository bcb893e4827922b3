/** Merges into a document's metadata, if what comes out of it may be metadata. */
import { documentNotFound } from "../../../shared/api/collections/document-id.ts";
import { checkMetadata } from "../../../shared/api/collections/metadata-field.ts";
import type { Metadata } from "../../../shared/search/collection/document.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { StoredDocument } from "../collection-writer.ts";
import { mergePatch } from "../merge-patch.ts";
import { describeWriter } from "./write-documents.ts";

/** @throws NearvecError `collection_not_found`, `document_not_found`, `invalid_request` */
export async function patchDocument(
  name: string,
  id: string,
  patch: Metadata,
  host: CollectionHost,
): Promise<StoredDocument> {
  const writer = host.writer(name);
  const { settings } = await describeWriter(name, writer);
  // Also limits how deep the merge goes.
  checkMetadata(patch, {}, "metadata");
  const [document] = await writer.read([id]);
  if (document == null) throw documentNotFound(id);
  checkMetadata(mergePatch(document.metadata, patch), settings.fields, "metadata");
  const patched = await writer.patch(id, patch);
  if (patched === null) throw documentNotFound(id);
  return patched;
}
