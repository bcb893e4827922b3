/** Evaluation on real data: numbers that others have published, and what a model comes to. */
import { expect, it } from "vitest";
import { findDatasets, tasks } from "../../distill-job/evaluate/data/find-datasets.ts";
import { readRetrievalData } from "../../distill-job/evaluate/data/retrieval-data.ts";
import type { Encoder } from "../../distill-job/evaluate/encoder.ts";
import { evaluate } from "../../distill-job/evaluate/evaluate.ts";
import { assetPath } from "../support/assets.ts";

/** Knows nothing: every text is the same. */
const constant: Encoder = {
  name: "constant",
  revision: "none",
  dimensions: 1,
  maxTokens: 1,
  bytes: 0,
  encode: async (texts) => ({
    values: new Float32Array(texts.length).fill(1),
    rows: texts.length,
    dimensions: 1,
  }),
  close: async () => {},
};

it("finds every data set of the folder", async () => {
  const datasets = await findDatasets(assetPath("eval"), tasks, "test");
  expect(datasets.map(({ mtebName, mtebSubset }) => `${mtebName} ${mtebSubset}`)).toEqual([
    "Banking77Classification default",
    "banking77Clustering default",
    "SciFact default",
    "STSBenchmark default",
    "STSBenchmarkMultilingualSTS de",
    "STSBenchmarkMultilingualSTS en",
    "STSBenchmarkMultilingualSTS zh",
  ]);
});

it("reads SciFact as BEIR has it: 5,183 documents, 300 queries, 339 judgements", async () => {
  const { documents, queries } = await readRetrievalData(assetPath("eval/scifact"), "test");
  const judgements = queries.reduce((sum, query) => sum + query.judgements.size, 0);
  expect([documents.length, queries.length, judgements]).toEqual([5183, 300, 339]);
});

it("gives BM25 on SciFact what BEIR reports for it, 66.5, and nothing to a model that knows nothing", async () => {
  const datasets = await findDatasets(assetPath("eval/scifact"), ["retrieval"], "test");
  const [vectors, words, both] = await evaluate(constant, datasets, "test");
  expect(words!.scores.ndcg_at_10).toBeCloseTo(0.665, 3);
  expect(both!.scores).toEqual(words!.scores);
  expect(vectors!.scores.ndcg_at_10).toBeLessThan(0.01);
});
