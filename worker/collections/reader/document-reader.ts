/** What users wrote, out of documents parts: each part once for all documents of it that were found. */
import { NearvecError } from "../../../shared/errors.ts";
import { partsReadAtOnce } from "../../../shared/limits.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { PartReference, SegmentReference } from "../../../shared/search/collection/manifest.ts";
import {
  type DocumentsPart,
  documentAt,
  openDocumentsPart,
} from "../../../shared/search/segment/documents-part.ts";
import { inParallel } from "./in-parallel.ts";
import type { PartCache, PartSource } from "./part-cache.ts";

/** A document to be read. */
export interface DocumentPlace {
  readonly segment: SegmentReference;
  readonly ordinal: number;
  /** What it must be called. */
  readonly id: string;
}

export class DocumentReader {
  readonly #parts: PartCache;
  /** Parts whose header and offsets have been read and checked, for as long as their bytes are kept. */
  readonly #opened = new WeakMap<Uint8Array, DocumentsPart>();

  constructor(parts: PartCache) {
    this.#parts = parts;
  }

  /**
   * Reads documents, each part of them once.
   *
   * @param onMissing Called for each segment whose documents could not be read.
   * @returns By segment and ordinal, as `documentKey` prints them; those of parts that cannot be read are absent.
   */
  async read(
    places: readonly DocumentPlace[],
    source: PartSource,
    onMissing: (segment: string, error: unknown) => void,
  ): Promise<Map<string, SourceDocument>> {
    const documents = new Map<string, SourceDocument>();
    await inParallel([...groupByPart(places)], partsReadAtOnce, async ([reference, wanted]) => {
      try {
        const part = this.#open(await this.#parts.read(reference, source));
        for (const { segment, ordinal, id } of wanted) {
          const document = documentAt(part, ordinal);
          if (document.id !== id) {
            throw new NearvecError(
              "artifact_corrupt",
              `Expected document ${ordinal} to be the one that the index names, got another.`,
            );
          }
          documents.set(documentKey(segment.id, ordinal), document);
        }
      } catch (error) {
        onMissing(wanted[0]!.segment.id, error);
      }
    });
    return documents;
  }

  #open(bytes: Uint8Array): DocumentsPart {
    let part = this.#opened.get(bytes);
    if (part === undefined) {
      part = openDocumentsPart(bytes);
      this.#opened.set(bytes, part);
    }
    return part;
  }
}

export function documentKey(segment: string, ordinal: number): string {
  return `${segment}/${ordinal}`;
}

/** In the order in which the first document of each part is wanted. */
function groupByPart(places: readonly DocumentPlace[]): Map<PartReference, DocumentPlace[]> {
  const groups = new Map<PartReference, DocumentPlace[]>();
  for (const place of places) {
    const reference = partOf(place);
    const group = groups.get(reference);
    if (group === undefined) groups.set(reference, [place]);
    else group.push(place);
  }
  return groups;
}

/** The part that holds an ordinal: parts follow one another without a gap. */
function partOf({ segment, ordinal }: DocumentPlace): PartReference {
  let end = 0;
  for (const part of segment.parts.documents) {
    end += part.count;
    if (ordinal < end) return part;
  }
  throw new NearvecError(
    "artifact_corrupt",
    `Expected parts of segment ${segment.id} to hold document ${ordinal}, they end at ${end}.`,
  );
}
