/** A million documents in codes: how long a scan takes in workerd, and how many of the true ten best are found. */
import type { Miniflare } from "miniflare";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import { writeCodesPart } from "../../shared/search/index/codes-part.ts";
import type { ReadRows } from "../../shared/search/index/index-query.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import { WhiteningTransform } from "../../shared/search/index/whitening-transform.ts";
import { type Whitening, WhiteningSums } from "../../shared/search/ranking/whitening.ts";
import { quantizeRow } from "../../shared/search/segment/int8-row.ts";
import { readRowsPart } from "../../shared/search/segment/rows-part.ts";
import { type WrittenSegment, writeSegment } from "../../shared/search/segment/segment-writer.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import { median } from "../suite.ts";
import { post, postSegment } from "./post-segment.ts";
import { manyTexts } from "./texts.ts";

const documentCount = 1_000_000;
const documentsPerSegment = 16_384;
const queryCount = 200;
const wanted = 10;
const rounds = 9;

export interface Million {
  /** Milliseconds per query, all stages but the reading of rows. */
  readonly milliseconds: number;
  readonly bytes: number;
  /** Of the ten best by exact cosines of the float vectors, how many are found: by codes and the rows read. */
  readonly recall: number;
  /** Per query. */
  readonly rowsRead: number;
  readonly partsRead: number;
  readonly bytesRead: number;
}

export async function measureMillion(
  miniflare: Miniflare,
  model: StaticModel,
  sentences: readonly string[],
  progress: (line: string) => void,
): Promise<Million> {
  const { dimensions } = model;
  const queryTexts = sentences.slice(-queryCount);
  const queries = queryTexts.map((text) => model.encode(text, { normalize: true }));
  progress("embedding a million texts");
  const vectors = new Float32Array(documentCount * dimensions);
  let row = 0;
  for (const text of manyTexts(sentences.slice(0, -queryCount), documentCount)) {
    model.encodeInto(text, vectors, row++ * dimensions, { normalize: true });
  }
  const whitening = whiteningOf(vectors, dimensions);

  const index = new SearchIndex({ dimensions });
  index.setWhitening(whitening);
  const store = new RowStore(dimensions);
  await post(miniflare, `/index?dimensions=${dimensions}`);
  await post(miniflare, "/whitening", { mean: [...whitening.mean], deviation: [...whitening.deviation] });
  await post(
    miniflare,
    "/queries",
    queries.map((vector) => ({ vector: [...vector], terms: [] })),
  );
  for (let first = 0; first < documentCount; first += documentsPerSegment) {
    progress(`writing segments of a million documents, from ${first} on`);
    const end = Math.min(first + documentsPerSegment, documentCount);
    const segment = await codedSegment(vectors, dimensions, first, end);
    const { reference, parts } = segment;
    const { index: indexPart, codes } = reference.parts;
    index.addSegment(reference, { index: parts.get(indexPart.sha256)!, codes: parts.get(codes!.sha256)! });
    store.add(segment);
    await postSegment(miniflare, "codes", segment);
  }
  const times: number[] = [];
  for (let round = -1; round < rounds; round++) {
    progress(round < 0 ? "warming up" : `round ${round + 1} of ${rounds}`);
    const { milliseconds } = await post(miniflare, "/measure?what=vector");
    if (round >= 0) times.push(milliseconds!);
  }

  // Asked for now: the connection does not outlive the minute that comes.
  const { bytes } = await post(miniflare, "/size");

  progress("comparing with exact cosines of the float vectors");
  const found: string[][] = [];
  for (const vector of queries) {
    const { hits } = await index.search({ mode: "vector", vector, limit: wanted }, store.read);
    found.push(hits.map(({ id }) => id));
  }
  const exact = exactBest(vectors, queries, whitening);
  const right = found.reduce((sum, ids, q) => sum + ids.filter((id) => exact[q]!.includes(id)).length, 0);
  return {
    milliseconds: median(times),
    bytes: bytes!,
    recall: right / (queryCount * wanted),
    rowsRead: store.rowsRead / queryCount,
    partsRead: store.partsRead / queryCount,
    bytesRead: store.bytesRead / queryCount,
  };
}

/** Documents of vectors alone, in codes by the segment's own mean and deviation. */
async function codedSegment(
  vectors: Float32Array,
  dimensions: number,
  first: number,
  end: number,
): Promise<WrittenSegment> {
  const documents = Array.from({ length: end - first }, (_, i): EncodedDocument => {
    const values = new Int8Array(dimensions);
    const scales = new Float32Array(1);
    const start = (first + i) * dimensions;
    quantizeRow(vectors.subarray(start, start + dimensions), values, scales, 0);
    const entries = [{ from: 0, to: 0, rows: 1 }];
    return { id: `${first + i}`, text: "", metadata: {}, entries, values, scales };
  });
  const whitening = whiteningOf(vectors.subarray(first * dimensions, end * dimensions), dimensions);
  return writeSegment(
    documents,
    { dimensions, fields: {} },
    { writeCodes: (sorted) => writeCodesPart(sorted, dimensions, whitening) },
  );
}

function whiteningOf(vectors: Float32Array, dimensions: number): Whitening {
  const sums = new WhiteningSums(dimensions);
  for (let start = 0; start < vectors.length; start += dimensions) {
    sums.add(vectors.subarray(start, start + dimensions));
  }
  return sums.statistics()!;
}

/** Stands for the store that rows are read out of, and counts. */
class RowStore {
  rowsRead = 0;
  partsRead = 0;
  bytesRead = 0;
  readonly #dimensions: number;
  readonly #segments = new Map<string, ReturnType<typeof readRowsPart>[]>();

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  add({ reference, parts }: WrittenSegment): void {
    const rows = reference.parts.rows.map(({ sha256 }) => readRowsPart(parts.get(sha256)!));
    this.#segments.set(reference.id, rows);
  }

  readonly read: ReadRows = async (requests) =>
    requests.map(({ segment, rows }) => {
      const parts = this.#segments.get(segment)!;
      const values = new Int8Array(rows.length * this.#dimensions);
      const scales = new Float32Array(rows.length);
      const needed = new Set<(typeof parts)[number]>();
      rows.forEach((row, i) => {
        const part = parts.find(({ first, count }) => row >= first && row < first + count)!;
        needed.add(part);
        const at = (row - part.first) * this.#dimensions;
        values.set(part.values.subarray(at, at + this.#dimensions), i * this.#dimensions);
        scales[i] = part.scales[row - part.first]!;
      });
      this.rowsRead += rows.length;
      this.partsRead += needed.size;
      for (const { part } of needed) this.bytesRead += part.bytes.length;
      return { values, scales };
    });
}

/** Ids of the best documents of each query by whitened cosines, computed one by one. */
function exactBest(
  vectors: Float32Array,
  queries: readonly Float32Array[],
  whitening: Whitening,
): string[][] {
  const { length: dimensions } = whitening.mean;
  const transform = new WhiteningTransform(whitening, dimensions);
  const units = queries.map((query) => transform.unit(query, 1, new Float64Array(dimensions)));
  const unit = new Float64Array(dimensions);
  const best = units.map(() => ({ items: [] as { row: number; score: number }[], threshold: -2 }));
  for (let row = 0; row * dimensions < vectors.length; row++) {
    transform.unit(vectors.subarray(row * dimensions, (row + 1) * dimensions), 1, unit);
    for (let q = 0; q < units.length; q++) {
      const query = units[q]!;
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let i = 0; i < dimensions; i += 4) {
        sum0 += unit[i]! * query[i]!;
        sum1 += unit[i + 1]! * query[i + 1]!;
        sum2 += unit[i + 2]! * query[i + 2]!;
        sum3 += unit[i + 3]! * query[i + 3]!;
      }
      const score = sum0 + sum1 + sum2 + sum3;
      const list = best[q]!;
      if (score <= list.threshold) continue;
      list.items.push({ row, score });
      list.items.sort((left, right) => right.score - left.score);
      if (list.items.length > wanted) list.items.pop();
      if (list.items.length === wanted) list.threshold = list.items[wanted - 1]!.score;
    }
  }
  return best.map(({ items }) => items.map(({ row }) => `${row}`));
}
