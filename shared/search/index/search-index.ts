/** The segments of a collection in memory, and what can be found in them. */

import { NearvecError } from "../../errors.ts";
import type { PartReference, SegmentReference } from "../collection/manifest.ts";
import { checksumOf, checksumWindowBytes } from "../kernel/checksum-of.ts";
import { SectionMemory } from "../kernel/section-memory.ts";
import type { Whitening } from "../ranking/whitening.ts";
import type { IndexView } from "../segment/index-part-reader.ts";
import { answerQuery } from "./answer-query.ts";
import type { CorpusStatistics } from "./corpus-statistics.ts";
import type { IndexAnswer, IndexHit, IndexQuery, ReadRows } from "./index-query.ts";
import { QueryScan } from "./query-scan.ts";
import { ResidentSegment, type SegmentParts } from "./resident-segment.ts";
import { WhiteningTransform } from "./whitening-transform.ts";
import { placeSegments, WorkingSpace } from "./working-space.ts";

/** Where a document is. */
export interface DocumentPlace {
  readonly segment: string;
  readonly ordinal: number;
}

/**
 * Finds documents by their vectors, their words, or both.
 *
 * @example
 * ```ts
 * const index = new SearchIndex({ dimensions: 256 });
 * index.addSegment(reference, { index: indexBytes, rows: [rowsBytes] });
 * const { hits } = await index.search({ mode: "vector", vector, limit: 10 });
 * ```
 */
export class SearchIndex {
  readonly dimensions: number;
  readonly #memory = new SectionMemory();
  readonly #space = new WorkingSpace(this.#memory);
  readonly #segments = new Map<string, ResidentSegment>();
  #layout = placeSegments([]);
  #whitening: Whitening | null = null;
  #transform: WhiteningTransform;

  constructor({ dimensions }: { readonly dimensions: number }) {
    this.dimensions = dimensions;
    this.#transform = new WhiteningTransform(null, dimensions);
  }

  /** Bytes of memory that the index takes, the room that queries work in included. */
  get byteLength(): number {
    return this.#memory.byteLength;
  }

  /** Ids of the segments that are here. */
  get segments(): readonly string[] {
    return [...this.#segments.keys()];
  }

  /**
   * Adds a segment, all of its documents alive; one that is here already stays as it is.
   *
   * @throws NearvecError artifact_corrupt or artifact_invalid, naming the part, in `param` too;
   *   model_memory_busy if there is no memory
   */
  addSegment(reference: SegmentReference, parts: SegmentParts): void {
    if (this.#segments.has(reference.id)) return;
    this.#verifyParts(reference, parts);
    const segment = new ResidentSegment(this.#memory, reference, parts, this.dimensions);
    segment.whiten(this.#whitening);
    this.#segments.set(reference.id, segment);
    this.#place();
  }

  /** Removes a segment; its memory is there for others then. */
  removeSegment(id: string): void {
    const segment = this.#segments.get(id);
    if (segment === undefined) return;
    this.#segments.delete(id);
    segment.release();
    this.#space.release();
    this.#memory.compact();
    this.#place();
  }

  /** Says which documents of a segment have been deleted or replaced: all of them, not only the latest. */
  setDeleted(id: string, ordinals: Iterable<number>): void {
    this.#segments.get(id)?.setDeleted(ordinals);
  }

  /** Changes how dimensions are centred and scaled; null leaves them as they are. Costs a pass over all rows. */
  setWhitening(whitening: Whitening | null): void {
    this.#whitening = whitening;
    this.#transform = new WhiteningTransform(whitening, this.dimensions);
    for (const segment of this.#segments.values()) segment.whiten(whitening);
  }

  /** Where a document is that is alive; null if there is none of this id. */
  findId(id: string): DocumentPlace | null {
    for (const segment of this.#segments.values()) {
      const ordinal = segment.findDocument(id);
      if (ordinal >= 0) return { segment: segment.id, ordinal };
    }
    return null;
  }

  /** The vector of all of a document's first entry, before whitening; null if its rows are not here. */
  vectorOf({ segment, ordinal }: DocumentPlace): Float32Array | null {
    const view = this.viewOf(segment);
    return view === null ? null : this.vectorOfEntry({ segment, entry: view.documentEntries[ordinal]! });
  }

  /** The vector of all of an entry, before whitening; null if its rows are not here. */
  vectorOfEntry({ segment: id, entry }: Pick<IndexHit, "segment" | "entry">): Float32Array | null {
    const segment = this.#segments.get(id);
    if (segment?.vectors.kind !== "rows") return null;
    return segment.vectors.vector(segment.index.view.entryRows[entry]!);
  }

  /** Views of a segment's index part; they hold until the next segment is added or removed. */
  viewOf(id: string): IndexView | null {
    return this.#segments.get(id)?.index.view ?? null;
  }

  /** What BM25 needs to know of the documents that are alive here, for those who add up several indexes. */
  statistics(terms: Iterable<string>): CorpusStatistics {
    const segments = [...this.#segments.values()];
    const sum = (count: (segment: ResidentSegment) => number): number =>
      segments.reduce((total, segment) => total + count(segment), 0);
    return {
      entries: sum(({ aliveEntries }) => aliveEntries),
      words: sum(({ aliveWords }) => aliveWords),
      containing: new Map([...new Set(terms)].map((term) => [term, sum((each) => each.containing(term))])),
    };
  }

  /**
   * Finds the best documents.
   *
   * @param readRows reads the rows of some tens of candidates out of the store, where codes are in memory instead
   *   of rows; without it, the cosines of codes are answered, which are right to a few hundredths
   * @throws NearvecError invalid_request if the query lacks its vector or terms, or has a vector of another size
   */
  async search(query: IndexQuery, readRows?: ReadRows): Promise<IndexAnswer> {
    this.#check(query);
    const scan = new QueryScan(this.#memory, this.#space, this.#layout, query.filter);
    return answerQuery(scan, query, {
      transform: this.#transform,
      statistics: query.statistics ?? this.statistics(query.mode === "vector" ? [] : query.terms!),
      readRows,
    });
  }

  #verifyParts(reference: SegmentReference, parts: SegmentParts): void {
    const { index, rows, codes } = reference.parts;
    this.#verify("index", index, parts.index);
    if (parts.rows === undefined) {
      if (codes === null) throw missingPart(reference, "codes", "a codes part", "none");
      this.#verify("codes", codes, parts.codes);
      return;
    }
    if (parts.rows.length !== rows.length) {
      throw missingPart(reference, "rows", `${rows.length} rows parts`, `${parts.rows.length}`);
    }
    rows.forEach((part, i) => {
      this.#verify(`rows.${i}`, part, parts.rows[i]!);
    });
  }

  #place(): void {
    this.#layout = placeSegments([...this.#segments.values()]);
  }

  #verify(name: string, { bytes, checksum }: PartReference, content: Uint8Array): void {
    const window = this.#memory.allocate(checksumWindowBytes);
    const found = content.length === bytes ? checksumOf(this.#memory, window, content) : null;
    this.#memory.release(window);
    if (found === checksum) return;
    throw new NearvecError(
      "artifact_corrupt",
      found === null
        ? `Expected ${bytes} bytes of part ${name}, got ${content.length}.`
        : `Expected part ${name} to have checksum ${checksum}, got ${found}. It is damaged.`,
      { param: name },
    );
  }

  #check({ mode, vector, terms, offset = 0, limit }: IndexQuery): void {
    if (mode !== "keyword" && vector?.length !== this.dimensions) {
      throw new NearvecError(
        "invalid_request",
        `Expected a vector of ${this.dimensions} dimensions, got ${vector === undefined ? "none" : vector.length}.`,
        { param: "vector" },
      );
    }
    if (mode !== "keyword" && !vector!.every(Number.isFinite)) {
      throw new NearvecError("invalid_request", "Expected a vector of finite numbers.", { param: "vector" });
    }
    if (mode !== "vector" && terms === undefined) {
      throw new NearvecError("invalid_request", "Expected the terms of the query, got none.", {
        param: "terms",
      });
    }
    for (const [name, value] of Object.entries({ offset, limit })) {
      if (Number.isInteger(value) && value >= 0) continue;
      throw new NearvecError("invalid_request", `Expected a whole number as ${name}, got ${value}.`, {
        param: name,
      });
    }
  }
}

function missingPart({ id }: SegmentReference, param: string, expected: string, got: string): NearvecError {
  return new NearvecError("artifact_corrupt", `Expected ${expected} of segment ${id}, got ${got}.`, {
    param,
  });
}
