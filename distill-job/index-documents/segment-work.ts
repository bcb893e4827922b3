/** The work on one group of documents: embed them and put them into the parts of a segment. */
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import { encodeSegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { contentHash } from "../../shared/search/content-hash.ts";
import { encodeDocument } from "../../shared/search/encode-document.ts";
import { writeSegment } from "../../shared/search/segment/write-segment.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { readModelBytes } from "../model-file.ts";

export interface SegmentQuestion {
  /** Path of the model file. */
  readonly model: string;
  readonly settings: CollectionSettings;
  readonly documents: readonly SourceDocument[];
}

export interface FinishedSegment {
  readonly id: string;
  readonly documents: number;
  /** The request body that uploads it. */
  readonly upload: Uint8Array;
}

let loaded: { readonly path: string; readonly model: Promise<StaticModel> } | undefined;

/** Answers a question; the model stays loaded for the next. @throws NearvecError what is wrong with a document */
export async function makeSegment({ model, settings, documents }: SegmentQuestion): Promise<FinishedSegment> {
  if (loaded?.path !== model) loaded = { path: model, model: readModelBytes(model).then(StaticModel.load) };
  const encoder = await loaded.model;
  const encoded = documents.map((document) => encodeDocument(encoder, document, settings));
  const { reference, parts } = await writeSegment(encoded, settings);
  const hashes = new Map(
    await Promise.all(
      documents.map(async (document) => [document.id, await contentHash(document)] as const),
    ),
  );
  const ids = readIds(parts.get(reference.parts.index.sha256)!);
  const upload = encodeSegmentUpload({
    segment: reference,
    documents: ids.map((id) => ({ id, contentHash: hashes.get(id)! })),
    parts,
  });
  return { id: reference.id, documents: reference.documents, upload };
}
