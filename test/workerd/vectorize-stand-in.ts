/**
 * Stand-in for a Vectorize index: exact where the real one is approximate, but it refuses what the real one refuses, by the
 * limits that its documentation gives, and shows what was written only when it is told to, as the real one does seconds later.
 */
import type { VectorStore } from "../../worker/collections/vectorize/vector-store.ts";

type Change = (vectors: Map<string, VectorizeVector>) => void;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

export class VectorizeStandIn implements VectorStore {
  readonly #dimensions: number;
  /** Metadata that can be filtered by: nothing is, before an index of it was made. */
  readonly #indexed: ReadonlySet<string>;
  readonly #vectors = new Map<string, VectorizeVector>();
  #pending: Change[] = [];
  /** What every write and every deletion fails with, while it is set. */
  failure: Error | undefined;
  /** Called when a write or a deletion has come, before that is answered. */
  beforeAnswer: (() => Promise<void>) | undefined;

  constructor(dimensions: number, indexed: readonly string[] = []) {
    this.#dimensions = dimensions;
    this.#indexed = new Set(indexed);
  }

  /** Lets what was written be seen. */
  settle(): void {
    for (const change of this.#pending) change(this.#vectors);
    this.#pending = [];
  }

  /** What can be seen, in the order of the names. */
  get vectors(): VectorizeVector[] {
    return [...this.#vectors.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  get size(): number {
    return this.#vectors.size;
  }

  async upsert(vectors: VectorizeVector[]): Promise<VectorizeAsyncMutation> {
    if (vectors.length > 1000) throw refused("at most 1000 vectors in a batch");
    for (const { id, namespace = "", values, metadata = {} } of vectors) {
      if (bytesOf(id) > 64 || id === "") throw refused(`an id of at most 64 bytes: ${id}`);
      if (bytesOf(namespace) > 64) throw refused("a namespace of at most 64 bytes");
      if (values.length !== this.#dimensions) throw refused(`${this.#dimensions} dimensions`);
      if (bytesOf(JSON.stringify(metadata)) > 10 * 1024) throw refused("at most 10 KiB of metadata");
      for (const key of Object.keys(metadata)) {
        if (key === "" || /[."]|^\$/.test(key)) throw refused(`another key than ${key}`);
      }
    }
    const mutation = this.#later((stored) => {
      for (const vector of vectors) stored.set(vector.id, vector);
    });
    await this.beforeAnswer?.();
    return mutation;
  }

  async deleteByIds(ids: string[]): Promise<VectorizeAsyncMutation> {
    if (ids.length > 1000) throw refused("at most 1000 ids");
    const mutation = this.#later((stored) => {
      for (const id of ids) stored.delete(id);
    });
    await this.beforeAnswer?.();
    return mutation;
  }

  async getByIds(ids: string[]): Promise<VectorizeVector[]> {
    if (ids.length > 20) throw refused("at most 20 ids");
    return ids.flatMap((id) => this.#vectors.get(id) ?? []);
  }

  async query(
    vector: VectorFloatArray | number[],
    options: VectorizeQueryOptions = {},
  ): Promise<VectorizeMatches> {
    const { topK = 5, namespace, returnValues = false, returnMetadata = "none", filter = {} } = options;
    const most = returnValues || returnMetadata === "all" || returnMetadata === true ? 20 : 100;
    if (topK < 1 || topK > most) throw refused(`topK from 1 to ${most}`);
    if (vector.length !== this.#dimensions) throw refused(`${this.#dimensions} dimensions`);
    if (bytesOf(JSON.stringify(filter)) > 2048) throw refused("a filter of at most 2048 bytes");
    for (const key of Object.keys(filter)) {
      if (!this.#indexed.has(key)) throw refused(`a metadata index of ${key}`);
    }
    const matches = [...this.#vectors.values()]
      .filter((stored) => namespace === undefined || stored.namespace === namespace)
      .filter(({ metadata = {} }) => passes(filter as Record<string, unknown>, metadata))
      .map(({ id, namespace: space, values }) => ({
        id,
        ...(space === undefined ? {} : { namespace: space }),
        score: cosine(vector, values),
      }))
      .sort((left, right) => right.score - left.score)
      .slice(0, topK);
    return { matches, count: matches.length };
  }

  #later(change: Change): VectorizeAsyncMutation {
    if (this.failure !== undefined) throw this.failure;
    this.#pending.push(change);
    return { mutationId: crypto.randomUUID() };
  }
}

function passes(filter: Record<string, unknown>, metadata: Record<string, unknown>): boolean {
  return Object.entries(filter).every(([key, condition]) => {
    const value = metadata[key] as number;
    return Object.entries(condition as Record<string, number>).every(([operator, operand]) => {
      switch (operator) {
        case "$eq":
          return value === operand;
        case "$ne":
          return value !== operand;
        case "$in":
          return (operand as unknown as number[]).includes(value);
        case "$nin":
          return !(operand as unknown as number[]).includes(value);
        case "$gt":
          return value > operand;
        case "$gte":
          return value >= operand;
        case "$lt":
          return value < operand;
        case "$lte":
          return value <= operand;
        default:
          throw refused(`another operator than ${operator}`);
      }
    });
  });
}

function cosine(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let [sum, a, b] = [0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    sum += left[i]! * right[i]!;
    a += left[i]! ** 2;
    b += right[i]! ** 2;
  }
  return sum / Math.sqrt(a * b);
}

function refused(expected: string): Error {
  return new Error(`VECTOR_QUERY_ERROR (the stand-in's): expected ${expected}`);
}
