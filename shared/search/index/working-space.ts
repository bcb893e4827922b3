/** What queries work in, kept from one to the next: an element for each entry or document of all segments. */
import type { Section, SectionMemory } from "../kernel/section-memory.ts";
import type { ResidentSegment } from "./resident-segment.ts";

/** Elements between which segments begin, so that no loop over one reaches into the next. */
const alignment = 64;

/** Where a segment's elements begin. */
export interface SegmentPlace {
  readonly segment: ResidentSegment;
  readonly firstDocument: number;
  readonly firstEntry: number;
}

export interface SpaceSizes {
  readonly documents: number;
  readonly entries: number;
  /** Of the segment that has most, up to a multiple of 64. */
  readonly mostDocuments: number;
  readonly mostRows: number;
}

export type SpaceName =
  | "integers"
  | "bounding"
  | "documentBits"
  | "entryBits"
  | "rowBits"
  | "marked"
  | "tables"
  | "elements"
  | "histogram"
  | "list"
  | "rowScores"
  | "cosines"
  | "keywordScores"
  | "fusedScores"
  | "documentScores"
  | "bestEntries"
  | "top";

export class WorkingSpace {
  readonly #memory: SectionMemory;
  readonly #sections = new Map<SpaceName, Section>();

  constructor(memory: SectionMemory) {
    this.#memory = memory;
  }

  /** A section of at least so many bytes. What was in it is only kept if it was large enough. */
  section(name: SpaceName, bytes: number): Section {
    const present = this.#sections.get(name);
    if (present !== undefined && present.byteLength >= bytes) return present;
    if (present !== undefined) {
      this.#sections.delete(name);
      this.#memory.release(present);
    }
    const section = this.#memory.allocate(bytes);
    this.#sections.set(name, section);
    return section;
  }

  /** Gives everything back: when segments go, the next query needs less. */
  release(): void {
    const sections = [...this.#sections.values()];
    this.#sections.clear();
    for (const section of sections) this.#memory.release(section);
  }
}

/** Lays segments out one behind the other. */
export function placeSegments(segments: readonly ResidentSegment[]): {
  places: SegmentPlace[];
  sizes: SpaceSizes;
} {
  let documents = 0;
  let entries = 0;
  const places = segments.map((segment) => {
    const place = { segment, firstDocument: documents, firstEntry: entries };
    documents += roundUp(segment.index.documents);
    entries += roundUp(segment.index.entries);
    return place;
  });
  const mostDocuments = roundUp(Math.max(0, ...segments.map(({ index }) => index.documents)));
  const mostRows = roundUp(Math.max(0, ...segments.map(({ index }) => index.rows)));
  return { places, sizes: { documents, entries, mostDocuments, mostRows } };
}

function roundUp(count: number): number {
  return Math.ceil(count / alignment) * alignment;
}
