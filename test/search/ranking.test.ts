import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import { bm25Norm, bm25Norms, bm25Rarity, bm25Weight } from "../../shared/search/ranking/bm25.ts";
import { maximalMarginalRelevance } from "../../shared/search/ranking/maximal-marginal-relevance.ts";
import {
  joinRanges,
  minMaxFusion,
  minMaxScore,
  scoreRange,
} from "../../shared/search/ranking/min-max-fusion.ts";
import { reciprocalRankFusion } from "../../shared/search/ranking/reciprocal-rank-fusion.ts";
import { decodeWhitening, encodeWhitening, WhiteningSums } from "../../shared/search/ranking/whitening.ts";
import { makeDocument } from "./segment-documents.ts";

describe("BM25", () => {
  // That whole scores are those of bm25s is tested in test/evaluate/metrics.test.ts.
  it("is the formula of the paper", () => {
    const [frequency, length, entries, containing] = [3, 1.5, 100, 7];
    const expected = (Math.log(1 + 93.5 / 7.5) * 3) / (3 + 1.2 * (1 - 0.75 + 0.75 * 1.5));
    expect(bm25Weight(bm25Rarity(entries, containing), frequency, bm25Norm(length))).toBeCloseTo(
      expected,
      12,
    );
  });

  it("has a norm for each entry, and no division by 0 where there are no words", () => {
    const norms = bm25Norms(Uint32Array.of(10, 20, 0), 10);
    [1.2, 2.1, 0.3].forEach((norm, i) => {
      expect(norms[i]).toBeCloseTo(norm, 6);
    });
    expect([...bm25Norms(Uint32Array.of(0, 0), 0)].every(Number.isFinite)).toBe(true);
  });
});

const anyScores = fc.float({ noNaN: true, min: -100, max: 100 });

describe("min-max fusion", () => {
  it("of parts by the range of all is that of all", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyScores, anyScores), { minLength: 2 }), fc.nat(), (pairs, at) => {
        const first = Float32Array.from(pairs, ([left]) => left);
        const second = Float32Array.from(pairs, ([, right]) => right);
        const cut = at % pairs.length;
        const rangeOf = (scores: Float32Array) =>
          joinRanges([scoreRange(scores.subarray(0, cut)), scoreRange(scores.subarray(cut))]);
        const expected = minMaxFusion(first, second, 0.25);
        expected.forEach((score, i) => {
          const fused =
            0.25 * minMaxScore(first[i]!, rangeOf(first)) + 0.75 * minMaxScore(second[i]!, rangeOf(second));
          expect(score).toBe(Math.fround(fused));
        });
      }),
    );
  });

  it("looks only at what is kept", () => {
    expect(scoreRange([5, 1, 9, 3], Uint8Array.of(0b1001))).toEqual({ least: 3, most: 5 });
    expect(minMaxScore(4, { least: 4, most: 4 })).toBe(0);
  });
});

describe("reciprocal rank fusion", () => {
  it("adds 1 / (60 + place)", () => {
    const scores = reciprocalRankFusion([
      [7, 3],
      [3, 9],
    ]);
    expect([...scores].sort(([a], [b]) => a - b)).toEqual([
      [3, 1 / 62 + 1 / 61],
      [7, 1 / 61],
      [9, 1 / 62],
    ]);
    expect(reciprocalRankFusion([[1], [1]], [0.25, 0.5], 1).get(1)).toBe(0.375);
  });
});

describe("maximal marginal relevance", () => {
  const relevance = [0.9, 0.89, 0.5, 0.1];
  const likeness = [
    [1, 0.99, 0.1, 0],
    [0.99, 1, 0.1, 0],
    [0.1, 0.1, 1, 0],
    [0, 0, 0, 1],
  ];
  const choose = (count: number, lambda: number): number[] =>
    maximalMarginalRelevance(relevance, (a, b) => likeness[a]![b]!, count, lambda);

  it("passes over what says the same", () => {
    expect(choose(2, 0.5)).toEqual([0, 2]);
    expect(choose(4, 0.5)).toEqual([0, 2, 3, 1]);
  });

  it("of lambda 1 is the order of relevance, and never more than there are", () => {
    expect(choose(9, 1)).toEqual([0, 1, 2, 3]);
    expect(choose(0, 1)).toEqual([]);
  });

  it("is what the definition says, chosen one by one", () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, fc.tuple(number, number)), { maxLength: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (candidates, lambda) => {
          const similarity = (a: number, b: number): number =>
            candidates[a]![1][0] * candidates[b]![1][0] + candidates[a]![1][1] * candidates[b]![1][1];
          const chosen: number[] = [];
          while (chosen.length < candidates.length) {
            const scores = candidates.map(([score], i) =>
              chosen.includes(i)
                ? Number.NEGATIVE_INFINITY
                : lambda * score -
                  (1 - lambda) * (chosen.length === 0 ? 0 : Math.max(...chosen.map((j) => similarity(i, j)))),
            );
            const best = scores.findIndex((score, i) => !chosen.includes(i) && score === Math.max(...scores));
            chosen.push(best);
          }
          const scores = candidates.map(([score]) => score);
          expect(maximalMarginalRelevance(scores, similarity, candidates.length, lambda)).toEqual(chosen);
        },
      ),
    );
  });
});

describe("whitening", () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });

  it("has the mean and the standard deviation of the vectors, however they were joined", () => {
    fc.assert(
      fc.property(fc.array(vector, { minLength: 1 }), fc.array(vector), (left, right) => {
        const sums = new WhiteningSums(3);
        const others = new WhiteningSums(3);
        for (const values of left) sums.add(values);
        for (const values of right) others.add(values);
        sums.merge(WhiteningSums.fromBytes(others.toBytes(), 3));
        const all = [...left, ...right].filter((values) => values.some((value) => value !== 0));
        expect(sums.count).toBe(all.length);
        const statistics = sums.statistics();
        if (all.length === 0) {
          expect(statistics).toBeNull();
          return;
        }
        for (const i of [0, 1, 2]) {
          const mean = all.reduce((sum, values) => sum + values[i]!, 0) / all.length;
          expect(statistics!.mean[i]).toBeCloseTo(mean, 5);
          const variance = all.reduce((sum, values) => sum + (values[i]! - mean) ** 2, 0) / all.length;
          expect(statistics!.deviation[i]).toBeGreaterThan(0);
          if (variance > 1e-2) expect(statistics!.deviation[i]).toBeCloseTo(Math.sqrt(variance), 5);
        }
      }),
    );
  });

  it("counts the first row of each entry, and can take a document away again", () => {
    const first = makeDocument("a", "", { entryRows: [2, 1] });
    const second = makeDocument("b", "", { entryRows: [1] });
    const both = new WhiteningSums(4);
    both.addDocument(first);
    both.addDocument(second);
    expect(both.count).toBe(3);
    both.addDocument(first, -1);
    const alone = new WhiteningSums(4);
    alone.addDocument(second);
    expect(both.count).toBe(1);
    alone.statistics()!.mean.forEach((value, i) => {
      expect(both.statistics()!.mean[i]).toBeCloseTo(value, 6);
      expect(value).toBeCloseTo(second.values[i]! * second.scales[0]!, 6);
    });
  });

  it("can be divided by where vectors do not differ", () => {
    const sums = new WhiteningSums(2);
    for (const y of [-1, 1]) sums.add([0.5, y]);
    expect([...sums.statistics()!.deviation]).toEqual([Math.fround(0.0005), 1]);
    const equal = new WhiteningSums(2);
    for (let i = 0; i < 1000; i++) equal.add([0.1, 0.7]);
    expect([...equal.statistics()!.deviation]).toEqual([1, 1]);
  });

  it("comes back out of a manifest, or says that it is damaged", () => {
    const statistics = { mean: Float32Array.of(0.5, -1), deviation: Float32Array.of(0.1, 2) };
    const text = encodeWhitening(statistics);
    expect(decodeWhitening(text, 2)).toEqual(statistics);
    for (const damaged of [
      { ...text, mean: "?" },
      { ...text, deviation: encodeWhitening({ ...statistics, deviation: Float32Array.of(1, 0) }).deviation },
      { ...text, mean: encodeWhitening({ ...statistics, mean: Float32Array.of(1, Number.NaN) }).mean },
    ]) {
      expect(() => decodeWhitening(damaged, 2)).toThrow(NearvecError);
    }
    expect(() => decodeWhitening(text, 3)).toThrow(/3 numbers/);
    expect(() => WhiteningSums.fromBytes(new Uint8Array(8), 3)).toThrow(NearvecError);
  });
});
