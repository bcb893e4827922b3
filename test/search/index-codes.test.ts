/** Codes in place of rows: nearly the same cosines, and with the rows of some candidates the same answers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gaussians } from "../../distill-job/table/gaussians.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import { writeCodesPart } from "../../shared/search/index/codes-part.ts";
import type { IndexQuery, ReadRows } from "../../shared/search/index/index-query.ts";
import { Rotation } from "../../shared/search/index/rotation.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import { WhiteningTransform } from "../../shared/search/index/whitening-transform.ts";
import { type Whitening, WhiteningSums } from "../../shared/search/ranking/whitening.ts";
import { quantizeRow } from "../../shared/search/segment/int8-row.ts";
import { readRowsPart } from "../../shared/search/segment/rows-part.ts";
import { type WrittenSegment, writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { partsOf, randomCollection, randomVector } from "./random-collection.ts";
import { referenceEntries, referenceRanking } from "./reference-search.ts";

/**
 * Documents of one row each, of dimensions that spread unevenly around a mean that is not 0.
 *
 * @param topics that documents are about in turn; each about its own if not given
 */
function gaussianDocuments(
  count: number,
  dimensions: number,
  seed: number,
  topics: readonly Float64Array[] = [],
): EncodedDocument[] {
  const random = gaussians(seed);
  return Array.from({ length: count }, (_, i) => {
    const topic = topics[i % topics.length];
    const vector = Float64Array.from(
      { length: dimensions },
      (_, d) => (random() + 0.5 + (topic?.[d] ?? 0)) / Math.sqrt(1 + d),
    );
    const values = new Int8Array(dimensions);
    const scales = new Float32Array(1);
    quantizeRow(vector, values, scales, 0);
    const entries = [{ from: 0, to: 0, rows: 1 }];
    return { id: `${seed}-${i}`, text: "", metadata: {}, entries, values, scales };
  });
}

function whiteningOf(documents: readonly EncodedDocument[], dimensions: number): Whitening {
  const sums = new WhiteningSums(dimensions);
  for (const document of documents) sums.addDocument(document);
  return sums.statistics()!;
}

/** A segment with codes that are whitened by its own statistics, or not at all. */
async function codedSegment(
  documents: readonly EncodedDocument[],
  dimensions: number,
  whitened: boolean,
): Promise<WrittenSegment> {
  const whitening = whitened ? whiteningOf(documents, dimensions) : null;
  return writeSegment(
    documents,
    { dimensions, fields: {} },
    { writeCodes: (sorted) => writeCodesPart(sorted, dimensions, whitening) },
  );
}

function addCoded(index: SearchIndex, { reference, parts }: WrittenSegment): void {
  index.addSegment(reference, {
    index: parts.get(reference.parts.index.sha256)!,
    codes: parts.get(reference.parts.codes!.sha256)!,
  });
}

/** Reads rows out of what was written. */
function rowReader(segments: readonly WrittenSegment[], dimensions: number): ReadRows {
  return async (requests) =>
    requests.map(({ segment, rows }) => {
      const written = segments.find(({ reference }) => reference.id === segment)!;
      const parts = partsOf(written).rows.map(readRowsPart);
      const values = new Int8Array(rows.length * dimensions);
      const scales = new Float32Array(rows.length);
      rows.forEach((row, i) => {
        const part = parts.find(({ first, count }) => row >= first && row < first + count)!;
        const at = (row - part.first) * dimensions;
        values.set(part.values.subarray(at, at + dimensions), i * dimensions);
        scales[i] = part.scales[row - part.first]!;
      });
      return { values, scales };
    });
}

describe("a rotation", () => {
  it.each([1, 2, 3, 21, 64, 100, 256, 300, 384])(
    "keeps products and lengths, with %i dimensions",
    (dimensions) => {
      const rotation = new Rotation(dimensions, 3);
      const random = gaussians(1);
      const vector = () => Float64Array.from({ length: dimensions }, random);
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      const [a, b] = [vector(), vector()];
      const [length, product] = [dot(a, a), dot(a, b)];
      rotation.apply(a);
      rotation.apply(b);
      expect(dot(a, a)).toBeCloseTo(length, 9);
      expect(dot(a, b)).toBeCloseTo(product, 9);
    },
  );

  it.each([21, 100, 256, 384])("spreads a single dimension over all %i", (dimensions) => {
    const rotation = new Rotation(dimensions, 3);
    for (const one of [0, dimensions >> 1, dimensions - 1]) {
      const vector = new Float64Array(dimensions);
      vector[one] = 1;
      rotation.apply(vector);
      expect(Math.max(...vector.map(Math.abs))).toBeLessThan(6 / Math.sqrt(dimensions));
      expect(vector.filter((value) => value !== 0).length).toBeGreaterThan(dimensions / 2);
    }
  });
});

describe("codes", () => {
  it.each([
    [256, true],
    [256, false],
    [100, true],
    [384, true],
    [21, true],
  ])(
    "give cosines that are right on average, and nearly right each: %i dimensions, whitened %s",
    async (dimensions, whitened) => {
      const documents = gaussianDocuments(600, dimensions, 1);
      const written = await codedSegment(documents, dimensions, whitened);
      const whitening = whitened ? whiteningOf(documents, dimensions) : null;
      const index = new SearchIndex({ dimensions });
      addCoded(index, written);
      index.setWhitening(whitening);
      const transform = new WhiteningTransform(whitening, dimensions);
      const errors: number[] = [];
      for (const query of gaussianDocuments(5, dimensions, 2)) {
        const vector = Float32Array.from(query.values, (value) => value * query.scales[0]!);
        const unit = transform.unit(vector, 1, new Float64Array(dimensions));
        const { hits } = await index.search({ mode: "vector", vector, limit: 1000 });
        expect(hits.length).toBe(600);
        for (const { id, parts } of hits) {
          const { values, scales } = documents.find((document) => document.id === id)!;
          const other = transform.unit(values, scales[0]!, new Float64Array(dimensions));
          errors.push(parts.cosine! - other.reduce((sum, value, i) => sum + value * unit[i]!, 0));
        }
      }
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const square = errors.reduce((sum, error) => sum + error * error, 0) / errors.length;
      // Max's quantizer leaves 0.1175 of the square, shared by the dimensions; few dimensions are less Gaussian.
      const expected = Math.sqrt(0.1175 / (1 - 0.1175) / dimensions);
      expect(Math.abs(mean)).toBeLessThan(expected / 3);
      expect(Math.sqrt(square)).toBeLessThan(expected * 1.3);
    },
  );

  it("and the rows of candidates give what rows give, where all documents are candidates", async () => {
    const anyShape = fc.record({
      seed: fc.integer(),
      dimensions: fc.constantFrom(8, 21, 32, 256),
      segments: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 3 }),
      several: fc.constant(false),
      deletedShare: fc.constantFrom(0, 0.3),
    });
    await fc.assert(
      fc.asyncProperty(anyShape, fc.constantFrom("vector", "keyword"), async (shape, mode) => {
        const { dimensions } = shape;
        const { segments, alive, whitening, random } = await randomCollection(shape);
        const index = new SearchIndex({ dimensions });
        index.setWhitening(whitening);
        const coded = await Promise.all(
          segments.map(({ documents }) => codedSegment(documents, dimensions, false)),
        );
        coded.forEach((written, i) => {
          addCoded(index, written);
          index.setDeleted(written.reference.id, segments[i]!.deleted);
        });
        const vector = randomVector(dimensions, random);
        const terms = ["horse", "rain"];
        const fusion = { by: "weighted", weight: 0.5 } as const;
        const entries = referenceEntries(alive, () => true, { mode, fusion, vector, terms, whitening });
        const expected = referenceRanking(entries).slice(2, 9);
        const query = { mode, vector, terms, offset: 2, limit: 7 } as const;
        const { hits, unread } = await index.search(query, rowReader(coded, dimensions));
        expect(unread).toEqual([]);
        expect(hits.length).toBe(expected.length);
        hits.forEach(({ score }, i) => {
          expect(Math.abs(score - expected[i]!.score)).toBeLessThan(2e-4);
        });
      }),
      { numRuns: 60 },
    );
  });

  const dimensions = 64;
  const topicElement = gaussians(5);
  const topics = Array.from({ length: 500 }, () => Float64Array.from({ length: dimensions }, topicElement));
  const makeLarge = async () => {
    const documents = [1, 2].map((seed) => gaussianDocuments(9000, dimensions, seed, topics));
    const coded = await Promise.all(documents.map((each) => codedSegment(each, dimensions, true)));
    const whitening = whiteningOf(documents.flat(), dimensions);
    const codes = new SearchIndex({ dimensions });
    const rows = new SearchIndex({ dimensions });
    for (const written of coded) {
      addCoded(codes, written);
      rows.addSegment(written.reference, partsOf(written));
    }
    codes.setWhitening(whitening);
    rows.setWhitening(whitening);
    return { codes, rows, readRows: rowReader(coded, dimensions) };
  };
  const queries = gaussianDocuments(40, dimensions, 9, topics).map(({ values, scales }) =>
    Float32Array.from(values, (value) => value * scales[0]!),
  );

  it("find nearly all of the best among many, with few rows read", async () => {
    const { codes, rows, readRows } = await makeLarge();
    const everyTenth = (index: { documents: number }) =>
      new Uint8Array(Math.ceil(index.documents / 8)).map((_, i) => [1, 4, 16, 64, 0][i % 5]!);
    for (const filter of [undefined, everyTenth]) {
      let found = 0;
      for (const vector of queries) {
        const query: IndexQuery = { mode: "vector", vector, limit: 10, ...(filter && { filter }) };
        const exact = await rows.search(query);
        const { hits, rowsRead, documents } = await codes.search(query, readRows);
        expect(documents).toBe(exact.documents);
        expect(rowsRead).toBe(60);
        const best = new Map(exact.hits.map(({ id, score }) => [id, score]));
        found += hits.filter(({ id }) => best.has(id)).length;
        for (const { id, score } of hits) if (best.has(id)) expect(score).toBeCloseTo(best.get(id)!, 3);
      }
      expect(found / (queries.length * 10)).toBeGreaterThan(0.94);
    }
  });

  it("answer cosines of their own, and say so, where rows cannot be read", async () => {
    const { codes, rows } = await makeLarge();
    const query = { mode: "vector", vector: queries[0]!, limit: 5 } as const;
    const { hits, unread } = await codes.search(query, async (requests) => requests.map(() => null));
    expect(unread.toSorted()).toEqual(codes.segments.toSorted());
    const exact = await rows.search({ ...query, limit: 20_000 });
    const scores = new Map(exact.hits.map(({ id, score }) => [id, score]));
    for (const { id, score } of hits) expect(Math.abs(score - scores.get(id)!)).toBeLessThan(0.2);
  });
});

describe("codes and words together", () => {
  it.each([{ by: "weighted", weight: 0.5 } as const, { by: "reciprocal-rank", k: 60 } as const])(
    "find nearly what rows and words find: %j",
    async (fusion) => {
      const shape = { seed: 3, dimensions: 256, segments: [200, 300], several: true, deletedShare: 0.1 };
      const { segments, random } = await randomCollection(shape);
      const coded = await Promise.all(segments.map(({ documents }) => codedSegment(documents, 256, true)));
      const [codes, rows] = [new SearchIndex({ dimensions: 256 }), new SearchIndex({ dimensions: 256 })];
      coded.forEach((written, i) => {
        addCoded(codes, written);
        rows.addSegment(written.reference, partsOf(written));
        for (const index of [codes, rows]) index.setDeleted(written.reference.id, segments[i]!.deleted);
      });
      let found = 0;
      for (let round = 0; round < 30; round++) {
        const vector = randomVector(256, random);
        const query = { mode: "hybrid", vector, terms: ["tower", "near"], fusion, limit: 10 } as const;
        const { hits } = await codes.search(query, rowReader(coded, 256));
        const exact = await rows.search(query);
        const best = new Map(exact.hits.map(({ id, score }) => [id, score]));
        found += hits.filter(({ id }) => best.has(id)).length;
        hits.forEach((hit, i) => {
          expect(hit.score).toBeLessThanOrEqual(hits[i - 1]?.score ?? 1);
          expect(Math.abs(hit.score - exact.hits[i]!.score)).toBeLessThan(0.1);
        });
      }
      // Places depend on entries that are no candidates, so ranks agree less than scores do.
      expect(found / 300).toBeGreaterThan(fusion.by === "weighted" ? 0.9 : 0.8);
    },
  );
});

describe("codes of entries with windows", () => {
  const dimensions = 64;
  /** Documents of an entry with up to five rows, alike but for what each window has of its own. */
  const makeDocuments = (count: number): EncodedDocument[] => {
    const random = gaussians(4);
    return Array.from({ length: count }, (_, document) => {
      const rows = 1 + (document % 5);
      const values = new Int8Array(rows * dimensions);
      const scales = new Float32Array(rows);
      const whole = Float64Array.from({ length: dimensions }, random);
      for (let row = 0; row < rows; row++) {
        quantizeRow(
          whole.map((value) => value + row * random()),
          values,
          scales,
          row,
        );
      }
      const entries = [{ from: 0, to: 0, rows }];
      return { id: `${document}`, text: "", metadata: {}, entries, values, scales };
    });
  };
  /** As if every row were an entry of its own: what codes of windows were before they were scored by midpoints. */
  const apart = (document: EncodedDocument): EncodedDocument => ({
    ...document,
    entries: Array.from(document.scales, () => ({ from: 0, to: 0, rows: 1 })),
  });

  const makeIndexes = async (former: (document: EncodedDocument) => EncodedDocument) => {
    const documents = makeDocuments(50);
    const whitening = whiteningOf(documents, dimensions);
    const written = await writeSegment(
      documents,
      { dimensions, fields: {} },
      { writeCodes: (sorted) => writeCodesPart(sorted.map(former), dimensions, whitening) },
    );
    const [codes, rows] = [new SearchIndex({ dimensions }), new SearchIndex({ dimensions })];
    addCoded(codes, written);
    rows.addSegment(written.reference, partsOf(written));
    for (const index of [codes, rows]) index.setWhitening(whitening);
    const queries = documents.slice(0, 10).map(({ values, scales }) => ({
      ...({ mode: "vector", limit: 50 } as const),
      vector: Float32Array.from(values.subarray(0, dimensions), (value) => value * scales[0]!),
    }));
    return { codes, rows, readRows: rowReader([written], dimensions), queries };
  };

  it.each([
    ["as they are written", (document: EncodedDocument) => document],
    ["as they were before", apart],
  ])("and the rows of candidates give what rows give: %s", async (_, former) => {
    const { codes, rows, readRows, queries } = await makeIndexes(former);
    for (const query of queries) {
      const exact = await rows.search(query);
      const { hits } = await codes.search(query, readRows);
      expect(hits.map(({ id }) => id)).toEqual(exact.hits.map(({ id }) => id));
      hits.forEach(({ score }, i) => {
        expect(score).toBeCloseTo(exact.hits[i]!.score, 4);
      });
    }
  });

  it.each([
    ["midpoints as they are written", (document: EncodedDocument) => document, 0.05],
    ["the mean of both cosines as they were before", apart, 0.2],
  ])("are scored without rows by %s", async (_, former, tolerance) => {
    const { codes, rows, queries } = await makeIndexes(former);
    for (const query of queries) {
      const own = (await rows.search(query)).hits[0]!;
      const { hits } = await codes.search(query);
      const { score } = hits.find(({ id }) => id === own.id)!;
      expect(Math.abs(score - own.score)).toBeLessThan(tolerance);
    }
  });
});

describe("a damaged codes part", () => {
  it("is refused", async () => {
    const written = await codedSegment(gaussianDocuments(50, 16, 1), 16, true);
    const { reference, parts } = written;
    const index = parts.get(reference.parts.index.sha256)!;
    const codes = parts.get(reference.parts.codes!.sha256)!;
    const damaged = codes.with(codes.length - 1, codes.at(-1)! ^ 1);
    const add = (what: SearchIndex, bytes: Uint8Array) => () =>
      what.addSegment(reference, { index, codes: bytes });
    expect(add(new SearchIndex({ dimensions: 16 }), damaged)).toThrowError(
      expect.objectContaining({ code: "artifact_corrupt", param: "codes" }),
    );
    expect(add(new SearchIndex({ dimensions: 8 }), codes)).toThrowError(
      expect.objectContaining({ code: "artifact_corrupt" }),
    );
    expect(add(new SearchIndex({ dimensions: 16 }), codes)).not.toThrow();
  });
});
