/** The resident index finds what a slow and obvious search finds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../distill-job/seeded-random.ts";
import type { EncodedDocument } from "../../shared/search/collection/document.ts";
import { sumStatistics } from "../../shared/search/index/corpus-statistics.ts";
import type { IndexQuery } from "../../shared/search/index/index-query.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import {
  addSegments,
  type CollectionShape,
  partsOf,
  type RandomCollection,
  randomCollection,
  randomVector,
  words,
} from "./random-collection.ts";
import { type ReferenceQuery, referenceEntries, referenceRanking } from "./reference-search.ts";

/** What 16 bits of the query and single precision may cost. */
const tolerance = 2e-4;

const anyShape: fc.Arbitrary<CollectionShape> = fc.record({
  seed: fc.integer(),
  dimensions: fc.constantFrom(3, 8, 16, 21, 32, 256),
  segments: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 3 }),
  several: fc.boolean(),
  deletedShare: fc.constantFrom(0, 0.2, 1),
});

const anyQuery = fc.record({
  mode: fc.constantFrom("vector", "keyword", "hybrid"),
  fusion: fc.constantFrom(
    { by: "weighted", weight: 0.5 },
    { by: "weighted", weight: 0.1 },
    { by: "reciprocal-rank", k: 60 },
  ),
  terms: fc.array(fc.constantFrom(...words, "unheard"), { maxLength: 4 }),
  whitened: fc.boolean(),
  /** Share of the documents that pass; null is no filter. */
  passing: fc.constantFrom(null, 0, 0.1, 0.7),
  minScore: fc.constantFrom(undefined, 0.1, 0.6),
  offset: fc.constantFrom(0, 3),
  limit: fc.constantFrom(1, 10, 1000),
});

/** A filter by chance, the same for an index and for the reference. */
function filterOf(
  { segments }: RandomCollection,
  share: number | null,
  random: () => number,
): { filter?: NonNullable<IndexQuery["filter"]>; passes: (document: EncodedDocument) => boolean } {
  if (share === null) return { passes: () => true };
  const ids = new Set<string>();
  for (const { documents } of segments) {
    for (const { id } of documents) if (random() < share) ids.add(id);
  }
  return {
    passes: ({ id }) => ids.has(id),
    filter: (index) => {
      const bitmap = new Uint8Array(Math.ceil(index.documents / 8));
      for (let document = 0; document < index.documents; document++) {
        if (ids.has(index.idOf(document))) bitmap[document >> 3]! |= 1 << (document & 7);
      }
      return bitmap;
    },
  };
}

/** Whether two different numbers are so close that rounding may decide between them. */
function tooClose(values: readonly number[]): boolean {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted.some((value, i) => i > 0 && value !== sorted[i - 1] && value - sorted[i - 1]! < tolerance);
}

describe("search", () => {
  it("finds what the reference finds, whatever the segments, filter, mode and deletions", async () => {
    await fc.assert(
      fc.asyncProperty(anyShape, anyQuery, async (shape, settings) => {
        const collection = await randomCollection(shape);
        const { random, alive, whitening } = collection;
        const index = new SearchIndex({ dimensions: shape.dimensions });
        addSegments(index, collection);
        if (settings.whitened) index.setWhitening(whitening);
        const vector = randomVector(shape.dimensions, random);
        const { filter, passes } = filterOf(collection, settings.passing, random);
        const query = {
          ...settings,
          vector,
          whitening: settings.whitened ? whitening : null,
        } as ReferenceQuery;
        const entries = referenceEntries(alive, passes, query);
        const { minScore = Number.NEGATIVE_INFINITY, offset, limit } = settings;
        // Ranks of nearly equal cosines, and scores nearly at the limit, are anyone's.
        fc.pre(settings.fusion.by === "weighted" || !tooClose(entries.map(({ cosine }) => cosine)));
        fc.pre(entries.every(({ score }) => Math.abs(score - minScore) > tolerance));
        const ranking = referenceRanking(entries).filter(({ score }) => score >= minScore);

        const { hits, ...answer } = await index.search({
          ...query,
          ...(filter === undefined ? {} : { filter }),
          ...(settings.minScore === undefined ? {} : { minScore }),
          offset,
          limit,
          explain: true,
        });

        expect(answer.entries).toBe(entries.length);
        expect(answer.documents).toBe(alive.filter(passes).length);
        const expected = ranking.slice(offset, offset + limit);
        expect(hits.length).toBe(expected.length);
        const scores = new Map(ranking.map(({ id, score }) => [id, score]));
        hits.forEach((hit, i) => {
          const close = (value: number | null, wanted: number): void => {
            expect(Math.abs(value! - wanted)).toBeLessThan(tolerance);
          };
          close(hit.score, expected[i]!.score);
          close(hit.score, scores.get(hit.id)!);
          const entry = entries.find(
            ({ document, entryOfDocument }) =>
              document.id === hit.id && entryOfDocument === hit.entryOfDocument,
          )!;
          close(hit.score, entry.score);
          expect({ from: hit.from, to: hit.to }).toEqual({
            from: entry.document.entries[hit.entryOfDocument]!.from,
            to: entry.document.entries[hit.entryOfDocument]!.to,
          });
          if (query.mode !== "keyword") close(hit.parts.cosine, entry.cosine);
          if (query.mode !== "vector") {
            close(hit.parts.bm25, entry.bm25);
            close(
              hit.parts.terms.reduce((sum, { score }) => sum + score, 0),
              entry.bm25,
            );
          }
          // Equal scores are in the order of ids.
          const next = hits[i + 1];
          if (next?.score === hit.score) {
            expect(Buffer.compare(Buffer.from(hit.id), Buffer.from(next.id))).toBe(-1);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it("finds rows whose upper halves say less of them than those of hundreds of others", async () => {
    const dimensions = 256;
    const random = seededRandom(3);
    const vector = randomVector(dimensions, random);
    const uppers = Array.from(vector, (value) => Math.round(value > 0 ? random() * 5 : -1 - random() * 5));
    // Lower halves with the query in the best, against it in the others, which have more in their upper halves.
    const rowOf = (isBest: boolean): Int8Array =>
      Int8Array.from(vector, (value, i) => {
        const more = !isBest && random() < 0.1 ? Math.sign(value) : 0;
        return 16 * (uppers[i]! + more) + (value > 0 === isBest ? 15 : 0);
      });
    const documents = Array.from({ length: 500 }, (_, i): EncodedDocument => {
      const content = { values: rowOf(i >= 490), scales: Float32Array.of(0.01) };
      return { id: `${i}`, text: "", metadata: {}, entries: [{ from: 0, to: 0, rows: 1 }], ...content };
    });
    const index = new SearchIndex({ dimensions });
    const segment = await writeSegment(documents, { dimensions, fields: {} });
    index.addSegment(segment.reference, partsOf(segment));
    const { hits } = await index.search({ mode: "vector", vector, limit: 10 });
    const found = hits.map(({ id }) => Number(id)).sort((left, right) => left - right);
    expect(found).toEqual(Array.from({ length: 10 }, (_, i) => 490 + i));
  });

  it("finds the same in one segment as in several, to the bit", async () => {
    const shape = { seed: 5, dimensions: 16, segments: [40, 30, 50], several: true, deletedShare: 0 };
    const collection = await randomCollection(shape);
    const several = new SearchIndex({ dimensions: 16 });
    addSegments(several, collection);
    const one = new SearchIndex({ dimensions: 16 });
    const written = await writeSegment(collection.alive, { dimensions: 16, fields: {} });
    one.addSegment(written.reference, partsOf(written));
    const query = {
      mode: "hybrid",
      vector: randomVector(16, collection.random),
      terms: ["horse", "rain"],
      limit: 200,
    } as const;
    const found = async (index: SearchIndex) =>
      (await index.search(query)).hits.map(({ id, score, entryOfDocument }) => ({
        id,
        score,
        entryOfDocument,
      }));
    expect(await found(several)).toEqual(await found(one));
  });

  it("takes the first ids of equally good documents, whatever segments they are in", async () => {
    const content = { values: Int8Array.of(5, -3, 2, 1), scales: Float32Array.of(0.1) };
    const documentOf = (id: string): EncodedDocument => ({
      ...{ id, text: "whale", metadata: {}, entries: [{ from: 0, to: 5, rows: 1 }], ...content },
    });
    const index = new SearchIndex({ dimensions: 4 });
    for (const ids of [
      ["b", "d", "f"],
      ["a", "c", "e"],
    ]) {
      const segment = await writeSegment(ids.map(documentOf), { dimensions: 4, fields: {} });
      index.addSegment(segment.reference, partsOf(segment));
    }
    const vector = Float32Array.of(1, 0, 0, 0);
    for (const mode of ["vector", "keyword", "hybrid"] as const) {
      const { hits } = await index.search({ mode, vector, terms: ["whale"], limit: 3 });
      expect(
        hits.map(({ id }) => id),
        mode,
      ).toEqual(["a", "b", "c"]);
    }
  });

  it("names the first of a document's entries that are equally good", async () => {
    const [values, scales] = [new Int8Array(12).fill(9), new Float32Array(3).fill(0.01)];
    const entries = [0, 6, 12].map((from) => ({ from, to: from + 5, rows: 1 }));
    const document = { id: "a", text: "horse horse horse", metadata: {}, entries, values, scales };
    const index = new SearchIndex({ dimensions: 4 });
    const written = await writeSegment([document], { dimensions: 4, fields: {} });
    index.addSegment(written.reference, partsOf(written));
    for (const mode of ["vector", "keyword", "hybrid"] as const) {
      const vector = new Float32Array([1, 2, 3, 4]);
      const { hits } = await index.search({ mode, vector, terms: ["horse"], limit: 1 });
      expect(hits).toMatchObject([{ id: "a", entryOfDocument: 0, from: 0, to: 5 }]);
    }
  });

  it("gives a shard the scores of the whole, with the statistics and ranges of the whole", async () => {
    const shape = { seed: 6, dimensions: 16, segments: [40, 30], several: true, deletedShare: 0.3 };
    const collection = await randomCollection(shape);
    const whole = new SearchIndex({ dimensions: 16 });
    addSegments(whole, collection);
    const shards = collection.segments.map((segment) => {
      const shard = new SearchIndex({ dimensions: 16 });
      addSegments(shard, { segments: [segment] });
      return shard;
    });
    const terms = ["horse", "tower"];
    const statistics = sumStatistics(shards.map((shard) => shard.statistics(terms)));
    expect(statistics).toEqual(whole.statistics(terms));
    const query = { mode: "hybrid", vector: randomVector(16, collection.random), terms, limit: 100 } as const;
    const { hits, ranges } = await whole.search(query);
    const answers = await Promise.all(
      shards.map((shard) => shard.search({ ...query, statistics, ranges: ranges! })),
    );
    const scores = new Map(answers.flatMap((answer) => answer.hits.map(({ id, score }) => [id, score])));
    expect(hits.map(({ id }) => scores.get(id))).toEqual(hits.map(({ score }) => score));
    expect(scores.size).toBe(hits.length);
  });
});

describe("an index", () => {
  const shape = { seed: 7, dimensions: 21, segments: [30, 20], several: true, deletedShare: 0.2 };

  it("finds ids that are alive, and their vectors", async () => {
    const collection = await randomCollection(shape);
    const index = new SearchIndex({ dimensions: 21 });
    addSegments(index, collection);
    for (const { documents, deleted, written } of collection.segments) {
      documents.forEach((document, ordinal) => {
        const place = deleted.includes(ordinal) ? null : { segment: written.reference.id, ordinal };
        expect(index.findId(document.id)).toEqual(place);
        if (place === null) return;
        const vector = index.vectorOf(place)!;
        expect([...vector]).toEqual(
          [...document.values.subarray(0, 21)].map((value) => Math.fround(value * document.scales[0]!)),
        );
      });
    }
    expect(index.findId("nobody")).toBeNull();
  });

  it("forgets a segment, and finds the others as before", async () => {
    const collection = await randomCollection({ ...shape, segments: [30, 20, 40] });
    const [first, second, third] = collection.segments;
    const index = new SearchIndex({ dimensions: 21 });
    addSegments(index, collection);
    index.removeSegment(second!.written.reference.id);
    const fresh = new SearchIndex({ dimensions: 21 });
    addSegments(fresh, { segments: [first!, third!] });
    const query = {
      mode: "hybrid",
      vector: randomVector(21, collection.random),
      terms: ["rain"],
      limit: 99,
    } as const;
    expect(await index.search(query)).toEqual(await fresh.search(query));
    expect(index.segments).toEqual(fresh.segments);
  });

  it("does not grow when segments come and go", async () => {
    const collection = await randomCollection({ ...shape, dimensions: 256, segments: [70, 70, 70] });
    const index = new SearchIndex({ dimensions: 256 });
    addSegments(index, collection);
    const { byteLength } = index;
    for (let round = 0; round < 20; round++) {
      const { written } = collection.segments[round % 3]!;
      index.removeSegment(written.reference.id);
      index.addSegment(written.reference, partsOf(written));
    }
    expect(index.byteLength).toBe(byteLength);
  });

  it("finds nothing when it is empty", async () => {
    const index = new SearchIndex({ dimensions: 4 });
    const query = { mode: "hybrid", vector: new Float32Array(4).fill(1), terms: ["a"], limit: 10 } as const;
    expect((await index.search(query)).hits).toEqual([]);
  });

  it.each([
    [{ mode: "vector", limit: 1 }, "vector"],
    [{ mode: "vector", limit: 1, vector: new Float32Array(3) }, "vector"],
    [{ mode: "vector", limit: 1, vector: new Float32Array(21).fill(Number.NaN) }, "vector"],
    [{ mode: "keyword", limit: 1 }, "terms"],
    [{ mode: "keyword", limit: -1, terms: [] }, "limit"],
    [{ mode: "keyword", limit: 1, offset: 0.5, terms: [] }, "offset"],
  ] as const)("refuses %j", async (query, param) => {
    const index = new SearchIndex({ dimensions: 21 });
    await expect(index.search(query)).rejects.toMatchObject({ code: "invalid_request", param });
  });
});

describe("a damaged segment", () => {
  const shape = { seed: 8, dimensions: 16, segments: [30], several: true, deletedShare: 0 };

  it("is refused by the part that is damaged, and leaves no trace", async () => {
    const { segments } = await randomCollection(shape);
    const { written } = segments[0]!;
    const index = new SearchIndex({ dimensions: 16 });
    const good = partsOf(written);
    const damaged = (bytes: Uint8Array) => bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1);
    const attempts = [
      [{ ...good, index: damaged(good.index) }, "index"],
      [{ ...good, index: good.index.subarray(1) }, "index"],
      [{ ...good, rows: [damaged(good.rows[0]!)] }, "rows.0"],
      [{ ...good, rows: [] }, "rows"],
    ] as const;
    for (const [parts, param] of attempts) {
      expect(() => index.addSegment(written.reference, parts)).toThrowError(
        expect.objectContaining({ code: "artifact_corrupt", param }),
      );
      expect(index.segments).toEqual([]);
    }
    index.addSegment(written.reference, good);
    expect(index.segments.length).toBe(1);
  });

  it("is refused if its checksums are right and its tables wrong", async () => {
    const { segments } = await randomCollection(shape);
    const { written } = segments[0]!;
    const good = partsOf(written);
    const { checksumOf } = await import("../../shared/kernel/checksum.ts");
    const { readIndexPart } = await import("../../shared/search/segment/index-part-reader.ts");
    const { part, postings } = readIndexPart(good.index);
    const at = part.byteOffset("postings");
    const entries = written.reference.entries;
    let refused = 0;
    for (let i = 0; i < postings.length; i++) {
      const bytes = good.index.slice();
      bytes[at + i] = 0xff;
      const { reference } = written;
      const forged = {
        ...reference,
        parts: { ...reference.parts, index: { ...reference.parts.index, checksum: checksumOf(bytes) } },
      };
      const index = new SearchIndex({ dimensions: 16 });
      try {
        index.addSegment(forged, { ...good, index: bytes });
      } catch (error) {
        expect(error).toMatchObject({ code: "artifact_corrupt" });
        refused++;
        continue;
      }
      // Other postings than there were, but postings: of entries that there are.
      const { hits } = await index.search({ mode: "keyword", terms: words, limit: 100 });
      expect(hits.every(({ entry, score }) => entry < entries && Number.isFinite(score))).toBe(true);
    }
    expect(refused).toBeGreaterThan(postings.length * 0.9);
  });

  it("is refused if its rows are of another size", async () => {
    const { segments } = await randomCollection(shape);
    const { written } = segments[0]!;
    expect(() =>
      new SearchIndex({ dimensions: 8 }).addSegment(written.reference, partsOf(written)),
    ).toThrowError(expect.objectContaining({ code: "artifact_corrupt" }));
  });
});
