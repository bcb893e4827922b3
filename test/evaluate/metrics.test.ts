/**
 * The measures against their reference implementations: scipy, trec_eval, scikit-learn and bm25s
 * (golden/metrics.json, by golden/make-golden.py).
 */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { bestDocuments } from "../../distill-job/evaluate/best-documents.ts";
import { Bm25Index } from "../../distill-job/evaluate/bm25-index.ts";
import { fitLogistic, predictLogistic } from "../../distill-job/evaluate/logistic-regression.ts";
import { ndcg, recall } from "../../distill-job/evaluate/ranking-metrics.ts";
import { spearman } from "../../distill-job/evaluate/spearman.ts";
import { vMeasure } from "../../distill-job/evaluate/v-measure.ts";
import { unitVectors } from "../../distill-job/evaluate/vectors.ts";
import { seededRandom, shuffle } from "../../distill-job/seeded-random.ts";
import { minMaxFusion } from "../../shared/search/ranking/min-max-fusion.ts";
import { englishStem } from "../../shared/search/text/english-stem.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";

interface Golden {
  spearman: { left: number[]; right: number[]; expected: number }[];
  ranking: {
    ids: string[];
    scores: number[];
    judgements: Record<string, number>;
    ndcg10: number;
    recall100: number;
  }[];
  vMeasure: { labels: number[]; clusters: number[]; expected: number }[];
  logistic: {
    vectors: number[];
    labels: number[];
    coefficients: number[][];
    intercepts: number[];
    predictions: number[];
  };
  bm25: { documents: string[][]; queries: string[][]; scores: number[][] };
}
const golden: Golden = JSON.parse(readFileSync(new URL("golden/metrics.json", import.meta.url), "utf8"));

test("Spearman's correlation is scipy's, ties included", () => {
  for (const { left, right, expected } of golden.spearman) {
    expect(spearman(left, right)).toBeCloseTo(expected, 10);
  }
});

describe("rankings", () => {
  test("nDCG@10 and recall@100 are trec_eval's, ties included", () => {
    for (const { ids, scores, judgements, ndcg10, recall100 } of golden.ranking) {
      const ranking = bestDocuments(Float32Array.from(scores), ids, 100);
      const judged = new Map(Object.entries(judgements));
      expect(ndcg(ranking, judged, 10)).toBeCloseTo(ndcg10, 5);
      expect(recall(ranking, judged, 100)).toBeCloseTo(recall100, 5);
    }
  });

  test("nDCG by hand: the second of two relevant documents is third", () => {
    const judged = new Map([
      ["a", 1],
      ["b", 1],
    ]);
    const best = 1 + 1 / Math.log2(3);
    expect(ndcg(["a", "x", "b"], judged, 10)).toBeCloseTo((1 + 1 / 2) / best, 12);
    expect(ndcg(["a", "x", "b"], judged, 2)).toBeCloseTo(1 / best, 12);
  });

  test("there may be fewer documents than asked for", () => {
    expect(bestDocuments(Float32Array.of(1, 3, 2), ["a", "b", "c"], 10)).toEqual(["b", "c", "a"]);
    expect(bestDocuments(new Float32Array(0), [], 10)).toEqual([]);
  });
});

test("v-measure is scikit-learn's", () => {
  for (const { labels, clusters, expected } of golden.vMeasure) {
    expect(vMeasure(labels, clusters)).toBeCloseTo(expected, 10);
  }
});

test("logistic regression finds scikit-learn's weights, and predicts as it does", () => {
  const { vectors, labels, coefficients, intercepts, predictions } = golden.logistic;
  const data = { values: Float32Array.from(vectors), rows: labels.length, dimensions: 6 };
  const model = fitLogistic(data, Int32Array.from(labels), 4);
  coefficients.forEach((row, label) => {
    [...row, intercepts[label]!].forEach((expected, i) => {
      expect(model.weights[label * 7 + i]!).toBeCloseTo(expected, 3);
    });
  });
  const got = labels.map((_, row) => predictLogistic(model, data.values.subarray(row * 6, row * 6 + 6)));
  expect(got).toEqual(predictions);
});

test("BM25 scores are those of bm25s by Lucene's method", () => {
  const { documents, queries, scores } = golden.bm25;
  const index = new Bm25Index(documents);
  queries.forEach((query, i) => {
    index.scores(query).forEach((score, document) => {
      expect(score).toBeCloseTo(scores[i]![document]!, 5);
    });
  });
});

test("fused scores are halves of both lists, each from 0 to 1", () => {
  const fused = minMaxFusion(Float32Array.of(-1, 0, 1), Float32Array.of(10, 30, 10));
  expect([...fused]).toEqual([0, 0.75, 0.5]);
  expect([...minMaxFusion(Float32Array.of(1, 2), Float32Array.of(7, 7), 0.3)]).toEqual([0, Math.fround(0.3)]);
});

describe("words", () => {
  it.each([
    ["cells", "cell"],
    ["studies", "study"],
    ["diseases", "disease"],
    ["class", "class"],
    ["virus", "virus"],
    ["goes", "goes"],
    ["gas", "gas"],
    ["zombies", "zomby"],
  ])("%s is counted as %s", (word, expected) => {
    expect(englishStem(word)).toBe(expected);
  });

  it("are runs of letters and digits without stop words", () => {
    expect(wordsOf("The T-cells, and IL-2's Café 中国")).toEqual([
      "t",
      "cell",
      "il",
      "2",
      "s",
      "café",
      "中国",
    ]);
  });
});

test("a shuffle keeps every item, in an order that the seed decides", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const order = shuffle([...items], seededRandom(1));
  expect(order).not.toEqual(items);
  expect(shuffle([...items], seededRandom(1))).toEqual(order);
  expect(order.toSorted((a, b) => a - b)).toEqual(items);
});

test("unit vectors have length 1, and zeros stay zeros", () => {
  const { values } = unitVectors({ values: Float32Array.of(3, 4, 0, 0), rows: 2, dimensions: 2 });
  expect([...values]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
});
