/** A finished segment of four documents, as `nearvec index` uploads one. */
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import { encodeSegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { contentHash } from "../../shared/search/content-hash.ts";
import { encodeDocument } from "../../shared/search/encode-document.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { StaticModel } from "../../shared/static-model.ts";

export const uploadedTexts = ["hello", "hello world", "far edge", "near vector"];

/** Documents `s0` to `s3`. @param meantFor what the collection differs in from the defaults */
export async function segmentUpload(
  model: StaticModel,
  meantFor: Partial<Pick<CollectionSettings, "dimensions" | "fields">> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const settings = {
    dimensions: model.dimensions,
    fields: {},
    chunking: null,
    bestWindow: false,
    ...meantFor,
  };
  const documents = uploadedTexts.map((text, i) => ({ id: `s${i}`, text, metadata: { i } }));
  const { reference, parts } = await writeSegment(
    documents.map((document) => encodeDocument(model, document, settings)),
    settings,
  );
  const content = await Promise.all(
    documents.map(async (document) => ({ id: document.id, contentHash: await contentHash(document) })),
  );
  const upload = encodeSegmentUpload({ segment: reference, documents: content, parts });
  return upload as Uint8Array<ArrayBuffer>;
}
