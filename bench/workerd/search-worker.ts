/** Runs inside workerd: searches a resident index and its peers, and says how long each took. */
import type { SegmentReference } from "../../shared/search/collection/manifest.ts";
import { filterColumns } from "../../shared/search/filter/filter-columns.ts";
import { parseFilter } from "../../shared/search/filter/parse-filter.ts";
import type { IndexQuery } from "../../shared/search/index/index-query.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import type { Whitening } from "../../shared/search/ranking/whitening.ts";
import { readRowsPart } from "../../shared/search/segment/rows-part.ts";
import { type JsRows, jsTopRows, jsTopRowsUnrolled } from "./js-top-documents.ts";
import readMemoryModule from "./read-memory.wasm";

/** Milliseconds to spend on one measurement: the clock of workerd ticks once per millisecond. */
const measureMs = 300;

const limit = 10;

let index: SearchIndex;
let jsRows: JsRows[] = [];
let rowIds: string[] = [];
let queries: { vector: Float32Array; terms: string[] }[] = [];

const reader = new WebAssembly.Instance(readMemoryModule).exports as unknown as {
  readonly memory: WebAssembly.Memory;
  sumWords(pointer: number, bytes: number): number;
};

/** Milliseconds per query of one pass after another over the queries, until enough time has gone by. */
async function measure(search: (query: (typeof queries)[number]) => unknown): Promise<number> {
  const begin = performance.now();
  let count = 0;
  let elapsed = 0;
  do {
    await search(queries[count++ % queries.length]!);
    elapsed = performance.now() - begin;
  } while (elapsed < measureMs);
  return elapsed / count;
}

const filterFields = { bucket: "number" } as const;
/** Of 100 buckets. */
const onePercent = parseFilter({ bucket: 7 }, filterFields);
const half = parseFilter({ bucket: { $lt: 50 } }, filterFields);

function searching(settings: Omit<IndexQuery, "limit" | "vector" | "terms">) {
  return ({ vector, terms }: (typeof queries)[number]) => index.search({ ...settings, vector, terms, limit });
}

/** The rows of one segment after the other, as the peer would keep them: in one array. */
function joinedRows(): JsRows {
  const { dimensions } = jsRows[0]!;
  const count = jsRows.reduce((sum, { scales }) => sum + scales.length, 0);
  const values = new Int8Array(count * dimensions);
  const scales = new Float32Array(count);
  let row = 0;
  for (const part of jsRows) {
    values.set(part.values, row * dimensions);
    scales.set(part.scales, row);
    row += part.scales.length;
  }
  return { dimensions, values, scales };
}

const measured: Record<string, () => Promise<number>> = {
  vector: () => measure(searching({ mode: "vector" })),
  filtered: () => measure(searching({ mode: "vector", filter: (view) => filterColumns(onePercent, view) })),
  halved: () => measure(searching({ mode: "vector", filter: (view) => filterColumns(half, view) })),
  keyword: () => measure(searching({ mode: "keyword" })),
  hybrid: () => measure(searching({ mode: "hybrid" })),
  js: () => measure(({ vector }) => jsTopRows(jsRows[0]!, vector, limit)),
  jsUnrolled: () => measure(({ vector }) => jsTopRowsUnrolled(jsRows[0]!, vector, limit)),
  async read() {
    const { values } = jsRows[0]!;
    const pointer = 65_536;
    const missing = Math.ceil((pointer + values.length - reader.memory.buffer.byteLength) / 65_536);
    if (missing > 0) {
      reader.memory.grow(missing);
      new Int8Array(reader.memory.buffer).set(values, pointer);
    }
    const bytes = values.length - (values.length % 256);
    return measure(() => reader.sumWords(pointer, bytes));
  },
};

/** A JSON header with the lengths of what follows it, as bench/search/post-segment.ts sends it. */
function unpack(bytes: ArrayBuffer): { reference: SegmentReference; parts: Uint8Array[] } {
  const length = new DataView(bytes).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  let at = 4 + length;
  const parts = header.lengths.map((size: number) => {
    at += size;
    return new Uint8Array(bytes, at - size, size).slice();
  });
  return { reference: header.reference, parts };
}

const routes: Record<string, (request: Request, url: URL) => Promise<unknown>> = {
  async "/index"(_, url) {
    index = new SearchIndex({ dimensions: Number(url.searchParams.get("dimensions")) });
    jsRows = [];
    rowIds = [];
    return {};
  },
  async "/rows"(request) {
    const { reference, parts } = unpack(await request.arrayBuffer());
    const [indexPart, ...rows] = parts;
    index.addSegment(reference, { index: indexPart!, rows });
    jsRows.push(...rows.map(readRowsPart));
    const view = index.viewOf(reference.id)!;
    for (let document = 0; document < view.documents; document++) rowIds.push(view.idOf(document));
    return {};
  },
  async "/codes"(request) {
    const { reference, parts } = unpack(await request.arrayBuffer());
    index.addSegment(reference, { index: parts[0]!, codes: parts[1]! });
    return {};
  },
  async "/whitening"(request) {
    const { mean, deviation } = (await request.json()) as Record<keyof Whitening, number[]>;
    index.setWhitening({ mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) });
    return {};
  },
  async "/queries"(request) {
    const texts = (await request.json()) as { vector: number[]; terms: string[] }[];
    queries = texts.map(({ vector, terms }) => ({ vector: Float32Array.from(vector), terms }));
    return {};
  },
  /** In how many queries the peer finds the same documents: they must be doing the same work. */
  async "/agreement"() {
    jsRows = [joinedRows()];
    let same = 0;
    for (const query of queries) {
      const { hits } = await index.search({ mode: "vector", vector: query.vector, limit });
      const theirs = jsTopRows(jsRows[0]!, query.vector, limit).map((row) => rowIds[row]!);
      const mine = new Set(hits.map(({ id }) => id));
      same += theirs.filter((id) => mine.has(id)).length / limit / queries.length;
    }
    return { same };
  },
  async "/measure"(_, url) {
    return { milliseconds: await measured[url.searchParams.get("what")!]!() };
  },
  async "/size"() {
    return { bytes: index.byteLength };
  },
};

export default {
  async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    return Response.json(await routes[url.pathname]!(request, url));
  },
};
