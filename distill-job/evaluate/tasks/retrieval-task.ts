/** Retrieval: are the relevant documents among the first, by vectors, by words, by both? */

import { minMaxFusion } from "../../../shared/search/ranking/min-max-fusion.ts";
import { wordsOf } from "../../../shared/search/text/terms.ts";
import { bestDocuments } from "../best-documents.ts";
import { Bm25Index } from "../bm25-index.ts";
import { type RetrievalData, readRetrievalData } from "../data/retrieval-data.ts";
import type { Encoder } from "../encoder.ts";
import { ndcg, recall } from "../ranking-metrics.ts";
import type { TaskScores } from "../task-result.ts";
import { dot, rowOf } from "../vectors.ts";

/** Documents that a ranking has: as many as the deepest measure looks at. */
const depth = 100;

/** nDCG@10 and recall@100 by exhaustive cosine, by BM25, and by both with equal weights. */
export async function retrievalTask(folder: string, split: string, encoder: Encoder): Promise<TaskScores[]> {
  const data = await readRetrievalData(folder, split);
  const byWords = wordScores(data);
  const byVectors = await vectorScores(data, encoder);
  const system = (name: string, isPure: boolean, scoresOf: (query: number) => Float32Array): TaskScores => ({
    system: name,
    isPure,
    main: "ndcg_at_10",
    scores: measure(data, scoresOf),
  });
  return [
    system(encoder.name, true, byVectors),
    system("BM25", false, byWords),
    system(`${encoder.name} + BM25`, false, (query) => minMaxFusion(byVectors(query), byWords(query))),
  ];
}

async function vectorScores(data: RetrievalData, encoder: Encoder): Promise<(query: number) => Float32Array> {
  const documents = await encoder.encode(data.documents);
  const queries = await encoder.encode(data.queries.map(({ text }) => text));
  return (query) => {
    const vector = rowOf(queries, query);
    return Float32Array.from({ length: documents.rows }, (_, i) => dot(vector, rowOf(documents, i)));
  };
}

function wordScores({ documents, queries }: RetrievalData): (query: number) => Float32Array {
  const index = new Bm25Index(documents.map(wordsOf));
  return (query) => index.scores(wordsOf(queries[query]!.text));
}

function measure(
  { documentIds, queries }: RetrievalData,
  scoresOf: (query: number) => Float32Array,
): Record<string, number> {
  let gain = 0;
  let found = 0;
  queries.forEach(({ judgements }, query) => {
    const ranking = bestDocuments(scoresOf(query), documentIds, depth);
    gain += ndcg(ranking, judgements, 10);
    found += recall(ranking, judgements, depth);
  });
  return { ndcg_at_10: gain / queries.length, recall_at_100: found / queries.length };
}
