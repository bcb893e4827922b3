/** How well collections rank SciFact's test claims, as they would be stored and searched. */
import { plainDistillation } from "../../distill-job/default-model/plain-distillation.ts";
import { bestDocuments } from "../../distill-job/evaluate/best-documents.ts";
import { Bm25Index } from "../../distill-job/evaluate/bm25-index.ts";
import { type RetrievalData, readRetrievalData } from "../../distill-job/evaluate/data/retrieval-data.ts";
import { ndcg } from "../../distill-job/evaluate/ranking-metrics.ts";
import type { Runtime } from "../../distill-job/teacher/runtime.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { encodeDocument, encodeQuery } from "../../shared/search/encode-document.ts";
import type { SearchMode } from "../../shared/search/index/index-query.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import { WhiteningSums } from "../../shared/search/ranking/whitening.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { adaptToSciFact } from "../adapted-model.ts";
import { evalPath } from "../eval-data.ts";
import type { PartResult, Progress } from "../suite.ts";

/** Documents that nDCG looks at. */
const depth = 10;

const note =
  "SciFact test: nDCG@10 x 100, as a collection with these settings answers. Nothing was chosen by it: how windows are scored was chosen by the claims outside it and nine other collections.";

export async function measureSciFact(model: StaticModel, progress: Progress): Promise<PartResult> {
  const data = await readRetrievalData(evalPath("scifact"), "test");
  progress("SciFact with the default model");
  const collection = await makeCollection(data, model, { bestWindow: true, whitened: true });
  const plain = await makeCollection(data, model, { bestWindow: false, whitened: false });
  const whitened = await makeCollection(data, model, { bestWindow: false, whitened: true });
  const [vectors, hybrid, keyword] = await Promise.all([
    measure(data, collection, model, "vector"),
    measure(data, collection, model, "hybrid"),
    measure(data, collection, model, "keyword"),
  ]);
  const plainVectors = await measure(data, plain, model, "vector");
  const whitenedVectors = await measure(data, whitened, model, "vector");
  const plainHybrid = await measure(data, plain, model, "hybrid");
  const pieces = measureWordPieces(data, model);
  return {
    rows: [
      ["SciFact, whitened, best windows", print(vectors), ">= 61"],
      ["  with words", print(hybrid), ">= 69"],
      ["  words alone", print(keyword)],
      ["  words alone, word pieces in place of words", print(pieces)],
      ["  vectors as they are", print(plainVectors)],
      ["  whitened, without windows", print(whitenedVectors)],
      ["  vectors as they are, with words", print(plainHybrid)],
    ],
    notes: [note],
    summary: {
      vectorScifact: vectors,
      hybridScifact: hybrid,
      keywordScifact: keyword,
      wordPieceScifact: pieces,
      plainVectorScifact: plainVectors,
      whitenedVectorScifact: whitenedVectors,
      plainHybridScifact: plainHybrid,
    },
  };
}

/** The same with a model that is refined on the abstracts, without queries or labels. */
export async function measureAdaptedSciFact(_: StaticModel, progress: Progress): Promise<PartResult> {
  const data = await readRetrievalData(evalPath("scifact"), "test");
  progress("adapting a model to SciFact's abstracts");
  const model = await adaptedModel(progress);
  const collection = await makeCollection(data, model, { bestWindow: true, whitened: true });
  const vectors = await measure(data, collection, model, "vector");
  const hybrid = await measure(data, collection, model, "hybrid");
  return {
    rows: [
      ["SciFact, model adapted to the abstracts", print(vectors), ">= 66"],
      ["  with words", print(hybrid), ">= 70"],
    ],
    notes: ["The adapted model has seen SciFact's abstracts, and none of its claims."],
    summary: { adaptedVectorScifact: vectors, adaptedHybridScifact: hybrid },
  };
}

function print(points: number): string {
  return points.toFixed(1);
}

async function makeCollection(
  { documents, documentIds }: RetrievalData,
  model: StaticModel,
  { bestWindow, whitened }: { bestWindow: boolean; whitened: boolean },
): Promise<SearchIndex> {
  const { dimensions } = model;
  const settings = { dimensions, fields: {}, chunking: null, bestWindow };
  const sums = new WhiteningSums(dimensions);
  const encoded = documents.map((text, i) =>
    encodeDocument(model, { id: documentIds[i]!, text, metadata: {} }, settings),
  );
  for (const document of encoded) sums.addDocument(document);
  const { reference, parts } = await writeSegment(encoded, settings);
  const index = new SearchIndex({ dimensions });
  index.addSegment(reference, {
    index: parts.get(reference.parts.index.sha256)!,
    rows: reference.parts.rows.map(({ sha256 }) => parts.get(sha256)!),
  });
  if (whitened) index.setWhitening(sums.statistics());
  return index;
}

/** nDCG@10 x 100, with everything at its default. */
async function measure(
  { queries }: RetrievalData,
  index: SearchIndex,
  model: StaticModel,
  mode: SearchMode,
): Promise<number> {
  let gain = 0;
  for (const { text, judgements } of queries) {
    const vector = encodeQuery(model, text, model.dimensions);
    const { hits } = await index.search({ mode, vector, terms: wordsOf(text), limit: depth });
    gain += ndcg(
      hits.map(({ id }) => id),
      judgements,
      depth,
    );
  }
  return points(gain / queries.length);
}

/** BM25 over the model's tokens. */
function measureWordPieces({ documents, documentIds, queries }: RetrievalData, model: StaticModel): number {
  const piecesOf = (text: string): string[] => Array.from(model.tokenize(text, { maxLength: null }), String);
  const index = new Bm25Index(documents.map(piecesOf));
  const gains = queries.map(({ text, judgements }) =>
    ndcg(bestDocuments(index.scores(piecesOf(text)), documentIds, depth), judgements, depth),
  );
  return points(gains.reduce((sum, gain) => sum + gain, 0) / queries.length);
}

async function adaptedModel(progress: Progress): Promise<StaticModel> {
  const runtime: Runtime = await import("onnxruntime-node").then(
    () => "native",
    () => "wasm",
  );
  const { content } = await plainDistillation({ runtime });
  let said = "";
  const adaptation = await adaptToSciFact(writeArtifact(content), runtime, {
    onTeacher(name, done, total) {
      const line = `${name} over the abstracts: ${Math.floor((100 * done) / total)}%`;
      if (line !== said) progress(line);
      said = line;
    },
  });
  return StaticModel.load(writeArtifact(adaptation.content));
}

function points(share: number): number {
  return Number((share * 100).toFixed(2));
}
