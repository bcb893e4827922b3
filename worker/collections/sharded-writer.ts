/**
 * A collection that is spread over shards, as one writer: every document is where the hash of its id says.
 *
 * A write is a transaction in each shard that it touches, not one over all of them. Sequences are sums of the
 * shards' own, so that they grow with every write.
 */
import { collectionNotFound } from "../../shared/api/collections/collection-name.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { Metadata } from "../../shared/search/collection/document.ts";
import type { SegmentUpload } from "../../shared/search/collection/segment-upload.ts";
import { shardOf } from "../../shared/search/collection/shards.ts";
import type { FilterExpression } from "../../shared/search/filter-expression.ts";
import { compareCodePoints } from "../../shared/search/segment/code-point-order.ts";
import { readUpload } from "./adoption.ts";
import type { CollectionIdentity } from "./collection-store.ts";
import type {
  CollectionWriter,
  DocumentContent,
  DocumentPage,
  Removal,
  StoredDocument,
  Tail,
  WriteOutcome,
  WriterDescription,
  WrittenDocument,
} from "./collection-writer.ts";

export class ShardedWriter implements Omit<CollectionWriter, "create" | "manifest" | "destroy"> {
  readonly #collection: CollectionIdentity;
  readonly #shards: readonly CollectionWriter[];

  /** @param shards in order */
  constructor(collection: CollectionIdentity, shards: readonly CollectionWriter[]) {
    this.#collection = collection;
    this.#shards = shards;
  }

  async describe(): Promise<WriterDescription> {
    const shards = await this.#describeShards(this.#shards);
    const sum = (of: (shard: WriterDescription) => number) =>
      shards.reduce((total, shard) => total + of(shard), 0);
    return {
      ...this.#collection,
      generation: sum(({ generation }) => generation),
      publishedSequence: sum(({ publishedSequence }) => publishedSequence),
      sequence: sum(({ sequence }) => sequence),
      documents: sum(({ documents }) => documents),
      publishError: shards.find(({ publishError }) => publishError !== null)?.publishError ?? null,
      kvWrites: sum(({ kvWrites }) => kvWrites),
      placements: sum(({ placements }) => placements),
    };
  }

  unchanged(documents: readonly DocumentContent[]): Promise<boolean[]> {
    return this.#scatter(
      documents,
      ({ id }) => id,
      (shard, own) => shard.unchanged(own),
    );
  }

  async write(
    documents: readonly WrittenDocument[],
  ): Promise<{ readonly sequence: number; readonly outcomes: readonly WriteOutcome[] }> {
    const sequences = new Map<CollectionWriter, number>();
    const outcomes = await this.#scatter(
      documents,
      ({ id }) => id,
      async (shard, own) => {
        const written = await shard.write(own);
        sequences.set(shard, written.sequence);
        return written.outcomes;
      },
    );
    return { sequence: await this.#sequenceAfter(sequences), outcomes };
  }

  read(ids: readonly string[]): Promise<(StoredDocument | null)[]> {
    return this.#scatter(
      ids,
      (id) => id,
      (shard, own) => shard.read(own),
    );
  }

  readVector(id: string): Promise<Float32Array | null> {
    return this.#shardOf(id).readVector(id);
  }

  readVectors(ids: readonly string[]): Promise<(Float32Array | null)[]> {
    return this.#scatter(
      ids,
      (id) => id,
      (shard, own) => shard.readVectors(own),
    );
  }

  async list(page: DocumentPage): Promise<StoredDocument[]> {
    const pages = await Promise.all(this.#shards.map((shard) => shard.list(page)));
    const sorted = pages.flat().sort((left, right) => compareCodePoints(left.id, right.id));
    return sorted.slice(0, page.limit);
  }

  patch(id: string, patch: Metadata): Promise<StoredDocument | null> {
    return this.#shardOf(id).patch(id, patch);
  }

  async remove(ids: readonly string[]): Promise<Removal> {
    const sequences = new Map<CollectionWriter, number>();
    let removed = 0;
    const remove = async (shard: CollectionWriter, own: readonly string[]): Promise<null[]> => {
      const removal = await shard.remove(own);
      sequences.set(shard, removal.sequence);
      removed += removal.removed;
      return own.map(() => null);
    };
    await this.#scatter(ids, (id) => id, remove);
    return { removed, sequence: await this.#sequenceAfter(sequences) };
  }

  async removeMatching(filter: FilterExpression): Promise<Removal> {
    return sumOf(await Promise.all(this.#shards.map((shard) => shard.removeMatching(filter))));
  }

  async removeAll(): Promise<Removal> {
    return sumOf(await Promise.all(this.#shards.map((shard) => shard.removeAll())));
  }

  async tail(): Promise<Tail> {
    throw new NearvecError(
      "internal_error",
      "Expected to be asked for the tails of shards one by one, for each follows a manifest of its own.",
    );
  }

  /** None: a segment that is cut up over the shards is nowhere a segment. */
  async adopted(ids: readonly string[]): Promise<boolean[]> {
    return ids.map(() => false);
  }

  /** The documents of the segment go where they belong, and into segments of their shards. */
  async adopt(upload: SegmentUpload): Promise<{ readonly sequence: number }> {
    const { sequence } = await this.write(readUpload(this.#collection.settings, upload));
    return { sequence };
  }

  #shardOf(id: string): CollectionWriter {
    return this.#shards[shardOf(id, this.#shards.length)]!;
  }

  /** Asks each shard for its own items, and brings the answers back into the order of the items. */
  async #scatter<Item, Answer>(
    items: readonly Item[],
    idOf: (item: Item) => string,
    ask: (shard: CollectionWriter, own: readonly Item[]) => Promise<readonly Answer[]>,
  ): Promise<Answer[]> {
    const places = new Map<CollectionWriter, number[]>();
    items.forEach((item, place) => {
      const shard = this.#shardOf(idOf(item));
      const own = places.get(shard);
      if (own === undefined) places.set(shard, [place]);
      else own.push(place);
    });
    const answers = new Array<Answer>(items.length);
    await Promise.all(
      [...places].map(async ([shard, own]) => {
        const given = await ask(
          shard,
          own.map((place) => items[place]!),
        );
        own.forEach((place, i) => {
          answers[place] = given[i]!;
        });
      }),
    );
    return answers;
  }

  /** The sum over all shards. @param known of those that have just said */
  async #sequenceAfter(known: ReadonlyMap<CollectionWriter, number>): Promise<number> {
    const others = await this.#describeShards(this.#shards.filter((shard) => !known.has(shard)));
    const sequences = [...known.values(), ...others.map(({ sequence }) => sequence)];
    return sequences.reduce((sum, sequence) => sum + sequence, 0);
  }

  async #describeShards(shards: readonly CollectionWriter[]): Promise<WriterDescription[]> {
    const descriptions = await Promise.all(shards.map((shard) => shard.describe()));
    return descriptions.map((description) => {
      if (description === null) throw collectionNotFound(this.#collection.name);
      return description;
    });
  }
}

function sumOf(removals: readonly Removal[]): Removal {
  return {
    removed: removals.reduce((sum, { removed }) => sum + removed, 0),
    sequence: removals.reduce((sum, { sequence }) => sum + sequence, 0),
  };
}
