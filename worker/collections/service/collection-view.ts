/** A collection as one search sees it: what is resident, and with strong consistency what is not published yet. */
import type { MissingPart } from "../../../shared/api/collections/search-answer.ts";
import type { Manifest, SegmentReference } from "../../../shared/search/collection/manifest.ts";
import type { CollectionHost } from "../collection-host.ts";
import type { CollectionServices } from "../collection-services.ts";
import type { Tail } from "../collection-writer.ts";
import type { ResidentCollection } from "../reader/resident-collection.ts";

export interface CollectionView {
  readonly resident: ResidentCollection;
  /** What is shown, as long as `resident` shows it. */
  readonly manifest: Manifest;
  /** Segments of the manifest and of the tail, by their names. */
  readonly segments: ReadonlyMap<string, SegmentReference>;
  /** Null for eventual consistency. */
  readonly tail: Tail | null;
  /** Parts that should be there and are not. */
  readonly missing: readonly MissingPart[];
}

/** How often a tail is asked for anew because something was published meanwhile. */
const maxTailAttempts = 3;

/**
 * A view to search in while `resident` shows its manifest: after any `await` something may have been published.
 *
 * @throws as `openCollection` does
 */
export async function viewCollection(
  resident: ResidentCollection,
  consistency: "eventual" | "strong",
  { manifests, residents }: Pick<CollectionServices, "manifests" | "residents">,
  host: CollectionHost,
): Promise<CollectionView> {
  if (consistency === "eventual") return viewOf(resident, null, []);
  let current = resident;
  let problem: MissingPart[] = [];
  for (let attempt = 0; attempt < maxTailAttempts; attempt++) {
    const { name, generation, sequence } = current.manifest;
    const known = current.tail;
    const answer = await host.writer(name).tail(generation, known?.sequence ?? sequence);
    const tail = answer.unchanged && known !== null ? known : answer;
    if (tail.manifest !== null) current = await residents.get(manifests.learn(tail.manifest), host);
    const shown = current.manifest.generation;
    const wanted = tail.manifest?.generation ?? generation;
    if (shown === wanted) return viewOf(current, tail, []);
    // Published meanwhile: what is here is newer than the tail. Or older, if the newest cannot be read.
    problem = unreadable(current, tail);
    if (shown < wanted) break;
  }
  return viewOf(current, null, problem);
}

function viewOf(
  resident: ResidentCollection,
  tail: Tail | null,
  problem: readonly MissingPart[],
): CollectionView {
  const { manifest } = resident;
  const references = tail?.segment ? [...manifest.segments, tail.segment] : manifest.segments;
  return {
    resident,
    manifest,
    segments: new Map(references.map((segment) => [segment.id, segment])),
    tail,
    missing: [...resident.missing, ...problem],
  };
}

/** The answer will be from a generation that lacks what was written since. */
function unreadable(resident: ResidentCollection, { manifest, sequence }: Tail): MissingPart[] {
  const reason =
    `The answer is from generation ${resident.manifest.generation}, ` +
    `which does not have all writes up to ${sequence}. Try again in a moment.`;
  const absent = manifest?.segments.filter(({ id }) => !resident.has(id)) ?? [];
  const named = absent.length > 0 ? absent.map(({ id }) => id) : ["unpublished"];
  return named.map((segment) => ({ segment, part: "index", reason }));
}
