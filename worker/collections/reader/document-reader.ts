/** What users wrote, out of documents parts: checked, and kept for a while, for like searches find like documents. */
import { NearvecError } from "../../../shared/errors.ts";
import { checksumOf } from "../../../shared/kernel/checksum.ts";
import { documentCacheBytes, partsReadAtOnce } from "../../../shared/limits.ts";
import type { SourceDocument } from "../../../shared/search/collection/document.ts";
import type { PartReference, SegmentReference } from "../../../shared/search/collection/manifest.ts";
import { documentAt, openDocumentsPart } from "../../../shared/search/segment/documents-part.ts";
import type { CollectionStore } from "../collection-host.ts";
import { inParallel } from "./in-parallel.ts";
import { readPart } from "./part-reader.ts";

/** A document to be read. */
export interface DocumentPlace {
  readonly segment: SegmentReference;
  readonly ordinal: number;
  /** What it must be called. */
  readonly id: string;
}

/** Where parts are: KV, and for what is not published yet the writer's answer. */
export interface PartSource {
  readonly store: CollectionStore;
  readonly incarnation: string;
  /** Parts at hand, by their SHA-256. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

export class DocumentReader {
  readonly #budgetBytes: number;
  /** By SHA-256, the least recently used first. */
  readonly #cache = new Map<string, Uint8Array>();
  #usedBytes = 0;

  constructor(budgetBytes = documentCacheBytes) {
    this.#budgetBytes = budgetBytes;
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
        const part = openDocumentsPart(await this.#readPart(reference, source));
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
        this.#forget(reference.sha256);
        onMissing(wanted[0]!.segment.id, error);
      }
    });
    return documents;
  }

  async #readPart(reference: PartReference, source: PartSource): Promise<Uint8Array> {
    const { sha256 } = reference;
    const atHand = source.parts[sha256];
    if (atHand !== undefined) return atHand;
    const cached = this.#cache.get(sha256);
    if (cached !== undefined) {
      this.#cache.delete(sha256);
      this.#cache.set(sha256, cached);
      return cached;
    }
    const bytes = await readPart(source.store, source.incarnation, reference);
    if (checksumOf(bytes) !== reference.checksum) {
      throw new NearvecError("artifact_corrupt", `Expected checksum ${reference.checksum} of ${sha256}.`);
    }
    this.#keep(sha256, bytes);
    return bytes;
  }

  #keep(sha256: string, bytes: Uint8Array): void {
    if (bytes.length > this.#budgetBytes || this.#cache.has(sha256)) return;
    this.#cache.set(sha256, bytes);
    this.#usedBytes += bytes.length;
    for (const oldest of this.#cache.keys()) {
      if (this.#usedBytes <= this.#budgetBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(sha256: string): void {
    this.#usedBytes -= this.#cache.get(sha256)?.length ?? 0;
    this.#cache.delete(sha256);
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
