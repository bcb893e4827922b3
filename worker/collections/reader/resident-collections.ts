/**
 * The collections that an isolate holds, in the memory that they share with models.
 *
 * From one generation to the next only new segments are read. One that cannot be read leaves the generation
 * before in place, if that is complete: an older answer, never a wrong one. If it is not, what is there answers,
 * and says what is missing.
 */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import { NearvecError } from "../../../shared/errors.ts";
import {
  loadStallSeconds,
  missingPartSeconds,
  roomForModelBytes,
  segmentWaveBytes,
} from "../../../shared/limits.ts";
import type {
  Manifest,
  PartReference,
  SegmentReference,
} from "../../../shared/search/collection/manifest.ts";
import type { IsolateMemory, Reservation } from "../../isolate-memory.ts";
import { SingleFlight } from "../../single-flight.ts";
import type { CollectionHost } from "../collection-host.ts";
import { readPart } from "./part-reader.ts";
import { ResidentCollection, type VectorForm } from "./resident-collection.ts";

/** Bytes that an entry takes beside its parts: scores that queries work in. */
const workingBytesPerEntry = 24;
/** Bytes that a row takes beside its part, and so. */
const workingBytesPerRow = 12;
/** Bytes that a row takes beside that where entries have windows. */
const workingBytesPerWindow = 4;
/** Bytes of an index without a segment. */
const emptyIndexBytes = 512 * 1024;

export class ResidentCollections {
  readonly #memory: IsolateMemory;
  readonly #flights = new SingleFlight<ResidentCollection>(loadStallSeconds);
  readonly #now: () => number;

  constructor(memory: IsolateMemory, now: () => number = Date.now) {
    this.#memory = memory;
    this.#now = now;
  }

  /** What is resident of a collection, whichever generation; it is not marked as used. */
  peek(name: string): ResidentCollection | undefined {
    const key = keyOf(name);
    const occupant = this.#memory.list().find((candidate) => candidate.key === key);
    return occupant instanceof ResidentCollection ? occupant : undefined;
  }

  /** Lets go of a collection that was deleted. */
  evict(name: string): void {
    this.#memory.evict(keyOf(name));
  }

  /**
   * The collection as this manifest has it, or as one before it if this one cannot be read.
   *
   * @throws NearvecError `collection_too_large`, `collection_memory_busy`
   */
  async get(manifest: Manifest, host: CollectionHost): Promise<ResidentCollection> {
    const key = keyOf(manifest.name);
    for (;;) {
      const resident = this.#memory.use(key);
      if (resident instanceof ResidentCollection && this.#isCurrent(resident, manifest)) return resident;
      const loaded = await this.#flights.run(
        key,
        (progress) => this.#load(manifest, host, progress),
        (promise) => host.waitUntil(promise),
      );
      // Another request's load may have been of an earlier collection of this name.
      if (loaded.manifest.incarnation === manifest.incarnation) return loaded;
    }
  }

  #isCurrent(resident: ResidentCollection, manifest: Manifest): boolean {
    if (resident.manifest.incarnation !== manifest.incarnation) return false;
    if (resident.manifest.generation >= manifest.generation && resident.complete) return true;
    return resident.manifest.generation >= 0 && this.#now() < resident.retryAt;
  }

  async #load(manifest: Manifest, host: CollectionHost, progress: () => void): Promise<ResidentCollection> {
    const form = this.#formOf(manifest);
    const present = this.peek(manifest.name);
    if (present?.form === form && present.manifest.incarnation === manifest.incarnation) {
      const absent = manifest.segments.filter(({ id }) => !present.has(id));
      const room = this.#memory.reserve(present.key, bytesOf(absent, form), "kept");
      if (room === "busy" && present.complete) return present;
      if (typeof room === "object") return this.#fill(present, manifest, absent, room, host, progress);
      // Both generations do not fit side by side: the old one goes before the new one comes.
    }
    const resident = new ResidentCollection(keyOf(manifest.name), manifest, form);
    const bytes = emptyIndexBytes + bytesOf(manifest.segments, form);
    const room = this.#memory.reserve(resident.key, bytes, "replaced");
    if (room === "too_large") throw tooLarge(manifest, bytes, this.#memory.budgetBytes);
    if (room === "busy") throw busy(manifest);
    return this.#fill(resident, manifest, manifest.segments, room, host, progress);
  }

  /** Rows as long as they fit beside a model. */
  #formOf({ segments }: Manifest): VectorForm {
    const { budgetBytes } = this.#memory;
    const room = budgetBytes - Math.min(roomForModelBytes, budgetBytes / 6);
    return emptyIndexBytes + bytesOf(segments, "rows") <= room ? "rows" : "codes";
  }

  async #fill(
    resident: ResidentCollection,
    manifest: Manifest,
    absent: readonly SegmentReference[],
    room: Reservation,
    host: CollectionHost,
    progress: () => void,
  ): Promise<ResidentCollection> {
    const missing: MissingPart[] = [];
    try {
      for (const wave of wavesOf(absent, resident.form)) {
        await Promise.all(
          wave.map(async (segment) => {
            const problem = await addSegment(resident, segment, manifest.incarnation, host);
            if (problem !== null) missing.push(problem);
            progress();
          }),
        );
      }
      if (missing.length === 0 || !resident.complete) resident.show(manifest, missing);
      if (missing.length > 0) {
        resident.retryAt = this.#now() + missingPartSeconds * 1000;
        console.error({
          event: "collection_incomplete",
          collection: manifest.name,
          generation: manifest.generation,
          answering_with: resident.manifest.generation,
          missing,
        });
      }
      this.#memory.admit(resident, room);
      return resident;
    } catch (error) {
      this.#memory.release(room);
      throw error;
    }
  }
}

/** Null once it is there, else what is wrong. */
async function addSegment(
  resident: ResidentCollection,
  segment: SegmentReference,
  incarnation: string,
  { store }: CollectionHost,
): Promise<MissingPart | null> {
  const vectors = vectorsOf(segment, resident.form);
  let part: MissingPart["part"] = "index";
  try {
    const [index, ...contents] = await Promise.all([
      readPart(store, incarnation, segment.parts.index),
      ...vectors.parts.map((reference) =>
        readPart(store, incarnation, reference).catch((error: unknown) => {
          part = vectors.form;
          throw error;
        }),
      ),
    ]);
    if (!resident.has(segment.id)) {
      resident.addHidden(
        segment,
        vectors.form === "rows" ? { index: index!, rows: contents } : { index: index!, codes: contents[0]! },
      );
    }
    return null;
  } catch (error) {
    if (NearvecError.isInstance(error) && error.param?.startsWith(vectors.form)) part = vectors.form;
    return { segment: segment.id, part, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Segments that are read together: none is in memory twice for longer than need be. */
function* wavesOf(segments: readonly SegmentReference[], form: VectorForm): Generator<SegmentReference[]> {
  let wave: SegmentReference[] = [];
  for (const segment of segments) {
    if (wave.length > 0 && bytesOf([...wave, segment], form) > segmentWaveBytes) {
      yield wave;
      wave = [];
    }
    wave.push(segment);
  }
  if (wave.length > 0) yield wave;
}

/** Bytes of memory that segments take, nearly. */
function bytesOf(segments: readonly SegmentReference[], form: VectorForm): number {
  let bytes = 0;
  for (const segment of segments) {
    const { entries, rows, parts } = segment;
    bytes += parts.index.bytes + entries * workingBytesPerEntry + rows * workingBytesPerRow;
    if (rows > entries) bytes += rows * workingBytesPerWindow;
    for (const part of vectorsOf(segment, form).parts) bytes += part.bytes;
  }
  return bytes;
}

/** The parts that hold a segment's vectors in a form; rows where it has no codes. */
function vectorsOf(
  { parts }: SegmentReference,
  form: VectorForm,
): { readonly form: VectorForm; readonly parts: readonly PartReference[] } {
  return form === "codes" && parts.codes !== null
    ? { form, parts: [parts.codes] }
    : { form: "rows", parts: parts.rows };
}

function keyOf(name: string): string {
  return `collection/${name}`;
}

function tooLarge({ name, statistics }: Manifest, bytes: number, budgetBytes: number): NearvecError {
  return new NearvecError(
    "collection_too_large",
    `Expected collection ${name} to need at most ${budgetBytes} bytes of memory, it needs ${bytes} for ` +
      `${statistics.rows} rows. Make it with shards, fewer dimensions, or without best_window.`,
    { param: "collection" },
  );
}

function busy({ name }: Manifest): NearvecError {
  return new NearvecError(
    "collection_memory_busy",
    `Expected room for collection ${name}, but what is loading at this moment takes it up. Try again in a moment.`,
    { param: "collection" },
  );
}
