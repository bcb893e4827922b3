/** A collection's search index in this isolate, and which manifest it shows. */

import { decodeBase64 } from "../../../shared/api/base64.ts";
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import { NearvecError } from "../../../shared/errors.ts";
import type {
  Manifest,
  SegmentReference,
  WhiteningStatistics,
} from "../../../shared/search/collection/manifest.ts";
import type { SegmentParts } from "../../../shared/search/index/resident-segment.ts";
import { SearchIndex } from "../../../shared/search/index/search-index.ts";
import type { Whitening } from "../../../shared/search/ranking/whitening.ts";
import { decodeOrdinals } from "../../../shared/search/segment/ordinals.ts";
import type { Occupant } from "../../isolate-memory.ts";
import type { Tail } from "../collection-writer.ts";

/** What vectors are in memory as: exact in 260 bytes of 256 dimensions, or in 64 and read where it matters. */
export type VectorForm = "rows" | "codes";

export class ResidentCollection implements Occupant {
  readonly key: string;
  readonly index: SearchIndex;
  readonly form: VectorForm;
  /** Milliseconds since 1970: before, what could not be read is not tried again. */
  retryAt = 0;
  #manifest: Manifest;
  #missing: readonly MissingPart[] = [];
  /** What was applied last, so that what has not changed is not applied again. */
  #whitening: WhiteningStatistics | null = null;
  readonly #deleted = new Map<string, string>();
  /** The tail of the manifest that somebody asked for last, and its segment, hidden, for the next to ask. */
  #tail: Tail | null = null;

  /** Empty until `show` is called. @param manifest of the incarnation that it will show */
  constructor(key: string, manifest: Manifest, form: VectorForm) {
    this.key = key;
    this.form = form;
    this.index = new SearchIndex({ dimensions: manifest.settings.dimensions });
    this.#manifest = { ...manifest, generation: -1, segments: [] };
  }

  get byteLength(): number {
    return this.index.byteLength;
  }

  /** What it shows; generation -1 before the first. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Parts of the manifest that are not here. */
  get missing(): readonly MissingPart[] {
    return this.#missing;
  }

  /** Whether it shows a manifest, and all of it. */
  get complete(): boolean {
    return this.#manifest.generation >= 0 && this.#missing.length === 0;
  }

  has(id: string): boolean {
    return this.index.viewOf(id) !== null;
  }

  /**
   * Takes in a segment that nothing is found in before `show` is called with a manifest that names it.
   *
   * @throws NearvecError artifact_corrupt, artifact_invalid
   */
  addHidden(reference: SegmentReference, parts: SegmentParts): void {
    this.index.addSegment(reference, parts);
    this.#hide(reference);
  }

  /** The newest tail that is known of the manifest that is shown. */
  get tail(): Tail | null {
    return this.#tail;
  }

  /**
   * Begins a search that also finds what is not published yet, and does not find what is deleted there.
   *
   * All that `search` looks at before its first `await` is as the tail says; whoever comes then sees what is
   * published, and no more.
   *
   * @param tail relative to the manifest that is shown
   */
  withTail<Result>(tail: Tail, search: () => Promise<Result>): Promise<Result> {
    const { segment, parts } = tail;
    const former = this.#tail?.segment;
    if (former && former.id !== segment?.id) this.index.removeSegment(former.id);
    this.#tail = tail;
    if (segment !== null && !this.has(segment.id)) {
      this.addHidden(segment, {
        index: parts[segment.parts.index.sha256]!,
        rows: segment.parts.rows.map(({ sha256 }) => parts[sha256]!),
      });
    }
    const changed = this.#manifest.segments.filter(
      ({ id }) => tail.deleted[id] !== undefined && this.has(id),
    );
    try {
      if (segment !== null) this.index.setDeleted(segment.id, []);
      for (const { id, deleted, documents } of changed) {
        const since = decodeOrdinals(tail.deleted[id]!, documents);
        this.index.setDeleted(id, [...decodeOrdinals(deleted, documents), ...since]);
      }
      return search();
    } finally {
      if (segment !== null) this.#hide(segment);
      for (const { id, deleted, documents } of changed) {
        this.index.setDeleted(id, decodeOrdinals(deleted, documents));
      }
    }
  }

  /** Shows a manifest, at once: no query sees some segments of this one and some of the one before. */
  show(manifest: Manifest, missing: readonly MissingPart[]): void {
    const wanted = new Set(manifest.segments.map(({ id }) => id));
    for (const id of this.index.segments) {
      if (wanted.has(id)) continue;
      this.index.removeSegment(id);
      this.#deleted.delete(id);
    }
    if (!isSameWhitening(manifest.whitening, this.#whitening)) {
      this.index.setWhitening(manifest.whitening === null ? null : decodeWhitening(manifest.whitening));
      this.#whitening = manifest.whitening;
    }
    for (const { id, deleted, documents } of manifest.segments) {
      if (this.#deleted.get(id) === deleted || !this.has(id)) continue;
      this.index.setDeleted(id, decodeOrdinals(deleted, documents));
      this.#deleted.set(id, deleted);
    }
    this.#manifest = manifest;
    this.#missing = missing;
    this.#tail = null;
  }

  #hide({ id, documents }: SegmentReference): void {
    this.index.setDeleted(
      id,
      Array.from({ length: documents }, (_, ordinal) => ordinal),
    );
    this.#deleted.delete(id);
  }
}

function isSameWhitening(left: WhiteningStatistics | null, right: WhiteningStatistics | null): boolean {
  return left?.mean === right?.mean && left?.deviation === right?.deviation;
}

function decodeWhitening({ mean, deviation }: WhiteningStatistics): Whitening {
  return { mean: decodeFloats(mean), deviation: decodeFloats(deviation) };
}

function decodeFloats(text: string): Float32Array {
  const bytes = decodeBase64(text);
  if (bytes === null || bytes.length % Float32Array.BYTES_PER_ELEMENT !== 0) {
    throw new NearvecError("artifact_corrupt", "Expected base64 of float32 as whitening in the manifest.");
  }
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / Float32Array.BYTES_PER_ELEMENT);
}
