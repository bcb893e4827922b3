/** Documents, queries and who judged what relevant, in BEIR's format. */
import { join } from "node:path";
import { NearvecError } from "../../../shared/errors.ts";
import type { Judgements } from "../ranking-metrics.ts";
import { readRecords, readText, textField } from "./read-records.ts";

export interface RetrievalData {
  readonly documentIds: readonly string[];
  /** Title and text, one after the other, as BEIR embeds them. */
  readonly documents: readonly string[];
  /** Only queries with judgements. */
  readonly queries: readonly { readonly text: string; readonly judgements: Judgements }[];
}

/**
 * Reads corpus.jsonl, queries.jsonl and qrels/<split>.tsv.
 * Format: https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
 *
 * @throws NearvecError not_found, invalid_request
 */
export async function readRetrievalData(folder: string, split: string): Promise<RetrievalData> {
  const corpus = await readRecords(join(folder, "corpus.jsonl"));
  const questions = await readRecords(join(folder, "queries.jsonl"));
  const texts = new Map(questions.map((query) => [idOf(query, folder), textField(query, ["text"], folder)]));
  const judgements = readJudgements(await readText(join(folder, "qrels", `${split}.tsv`)));
  const queries = [...judgements].map(([id, judged]) => {
    const text = texts.get(id);
    if (text !== undefined) return { text, judgements: judged };
    throw new NearvecError(
      "invalid_request",
      `Expected query ${id} of qrels in ${folder}, it is not there.`,
      {
        param: "data",
      },
    );
  });
  return {
    documentIds: corpus.map((document) => idOf(document, folder)),
    documents: corpus.map((document) =>
      `${document.title ?? ""} ${textField(document, ["text"], folder)}`.trim(),
    ),
    queries,
  };
}

function idOf(record: Readonly<Record<string, unknown>>, folder: string): string {
  return textField(record, ["_id", "id"], folder);
}

/** Lines of query id, document id and relevance after a header. */
function readJudgements(text: string): Map<string, Map<string, number>> {
  const judgements = new Map<string, Map<string, number>>();
  for (const line of text.split("\n").slice(1)) {
    const [query, document, relevance] = line.trim().split("\t");
    if (query === undefined || document === undefined) continue;
    const judged = judgements.get(query) ?? new Map<string, number>();
    judgements.set(query, judged.set(document, Number(relevance)));
  }
  return judgements;
}
