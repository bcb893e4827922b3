/** What a reader who knows only a manifest and the parts it names would find: every document that is alive there. */
import { partKey } from "../../shared/search/collection/collection-keys.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import type { Manifest, SegmentReference } from "../../shared/search/collection/manifest.ts";
import { documentAt, openDocumentsPart } from "../../shared/search/segment/documents-part.ts";
import { decodeOrdinals } from "../../shared/search/segment/ordinals.ts";

type ReadPart = (sha256: string) => Promise<Uint8Array>;

/** All documents of the segments that are not deleted, in no order; one that is there twice is there twice. */
export async function publishedDocuments(
  segments: readonly SegmentReference[],
  readPart: ReadPart,
  alsoDeleted: Readonly<Record<string, string>> = {},
): Promise<SourceDocument[]> {
  const found: SourceDocument[] = [];
  for (const { id, documents, parts, deleted } of segments) {
    const dead = new Set([
      ...decodeOrdinals(deleted, documents),
      ...decodeOrdinals(alsoDeleted[id] ?? "", documents),
    ]);
    for (const { sha256 } of parts.documents) {
      const part = openDocumentsPart(await readPart(sha256));
      for (let ordinal = part.first; ordinal < part.first + part.count; ordinal++) {
        if (!dead.has(ordinal)) found.push(documentAt(part, ordinal));
      }
    }
  }
  return found;
}

/** Reads the parts that a manifest names out of KV. */
export function partsInKv(
  kv: { get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null> },
  { incarnation }: Manifest,
): ReadPart {
  return async (sha256) => {
    const bytes = await kv.get(partKey(incarnation, sha256), "arrayBuffer");
    if (bytes === null) throw new Error(`Expected part ${sha256} in KV, got none`);
    return new Uint8Array(bytes);
  };
}
