/** Documents in groups that become a segment each: the same documents make the same groups, so that work can be resumed. */
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import type { DocumentBatch } from "./read-documents.ts";

/** Documents of a group at most. */
export const groupDocuments = 4096;

/** UTF-16 units of a group's texts at most, unless one document alone has more: its upload stays near 12 MB. */
export const groupCharacters = 3 * 1024 * 1024;

export interface DocumentGroup {
  readonly documents: readonly SourceDocument[];
  /** Bytes of all files up to the last of these documents, and bytes that there are. */
  readonly bytes: number;
  readonly totalBytes: number;
}

/**
 * Groups documents in order. Of several with one id in a group the last is kept: a segment holds an id once,
 * and a later group replaces what an earlier one holds anyway.
 */
export async function* groupsOf(batches: AsyncIterable<DocumentBatch>): AsyncGenerator<DocumentGroup> {
  let group = new Map<string, SourceDocument>();
  let characters = 0;
  let bytes = 0;
  let totalBytes = 0;
  for await (const batch of batches) {
    ({ totalBytes } = batch);
    for (const document of batch.documents) {
      const tooMuch = characters + document.text.length > groupCharacters;
      if (group.size > 0 && (group.size >= groupDocuments || tooMuch)) {
        yield { documents: [...group.values()], bytes, totalBytes };
        group = new Map();
        characters = 0;
      }
      group.set(document.id, document);
      characters += document.text.length;
    }
    ({ bytes } = batch);
  }
  if (group.size > 0) yield { documents: [...group.values()], bytes, totalBytes };
}
