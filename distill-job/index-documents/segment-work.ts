/** The work on one group of documents: embed them and put them into the parts of a segment. */
import { checkDocument } from "../../shared/api/collections/document-request.ts";
import type { CollectionSettings } from "../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import { encodeSegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { contentHash } from "../../shared/search/content-hash.ts";
import { encodeDocument } from "../../shared/search/encode-document.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
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

/**
 * Makes a segment. The model stays loaded for the next.
 *
 * @throws NearvecError what the worker would refuse a document for, by its id
 */
export async function makeSegment({ model, settings, documents }: SegmentQuestion): Promise<FinishedSegment> {
  if (loaded?.path !== model) loaded = { path: model, model: load(model) };
  const encoder = await loaded.model;
  // In the segment's order, which is the order in which the worker wants to be told of them.
  const sorted = [...documents].sort((left, right) => compareCodePoints(left.id, right.id));
  const checked = sorted.map((document) =>
    checkDocument(document, settings, `document ${JSON.stringify(document.id.slice(0, 64))}: `),
  );
  const encoded = checked.map(({ vector: _, ...document }) => encodeDocument(encoder, document, settings));
  const { reference, parts } = await writeSegment(encoded, settings);
  const upload = encodeSegmentUpload({
    segment: reference,
    documents: await Promise.all(
      checked.map(async (document) => ({ id: document.id, contentHash: await contentHash(document) })),
    ),
    parts,
  });
  return { id: reference.id, documents: reference.documents, upload };
}

async function load(path: string): Promise<StaticModel> {
  return StaticModel.load(await readModelBytes(path));
}
