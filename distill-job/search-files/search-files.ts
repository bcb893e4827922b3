/** Search without a worker: documents of files, embedded and indexed in memory as a worker would, for one query. */
import { extname } from "node:path";
import type { SearchResult } from "../../shared/api/collections/search-answer.ts";
import type { SearchRequest } from "../../shared/api/collections/search-request.ts";
import { NearvecError } from "../../shared/errors.ts";
import { printResult } from "../../shared/search/answer/search-result.ts";
import type { CollectionSettings, FieldType } from "../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";
import { encodeDocument } from "../../shared/search/encode-document.ts";
import { filterColumns } from "../../shared/search/filter/filter-columns.ts";
import { parseFilter } from "../../shared/search/filter/parse-filter.ts";
import type { IndexQuery, SearchMode } from "../../shared/search/index/index-query.ts";
import { SearchIndex } from "../../shared/search/index/search-index.ts";
import type { IndexView } from "../../shared/search/segment/index-part-reader.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { chunksOf } from "../../shared/search/text/chunks.ts";
import { wordsOf } from "../../shared/search/text/terms.ts";
import type { StaticModel } from "../../shared/static-model.ts";
import { groupsOf } from "../index-documents/document-groups.ts";
import { readDocuments } from "../index-documents/read-documents.ts";
import type { RecordReading } from "../index-documents/record-document.ts";
import { inferFields } from "./infer-fields.ts";

export interface FileSearch extends Pick<SearchRequest, "include" | "snippet" | "explain"> {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly query: string;
  readonly mode: SearchMode;
  readonly topK: number;
  readonly minScore: number | undefined;
  /** A filter as the API takes it. */
  readonly filter: unknown;
  readonly reading: Pick<RecordReading, "idField" | "textFields">;
}

export interface FileSearchAnswer {
  readonly documents: number;
  /** Best first. */
  readonly results: readonly SearchResult[];
}

/** Long texts are found by their passages: UTF-16 units of one at most, as in a worker's collections. */
const chunking = { by: "sentences", maxCharacters: 1000, overlapCharacters: 0 } as const;

/** Files that are a document each, of which a person wants to see the place. */
const wholeFiles = [".txt", ".md"];

/** @throws NearvecError what is wrong with a file, a document or the filter */
export async function searchFiles(model: StaticModel, search: FileSearch): Promise<FileSearchAnswer> {
  const documents = await readAll(search);
  const fields = inferFields(documents.values());
  // Before the work of embedding.
  const filter = search.filter === undefined ? null : parseFilter(search.filter, fields);
  const index = await indexOf(model, documents, fields);
  const words = wordsOf(search.query);
  const { hits } = await index.search({
    ...queryOf(model, search, words),
    ...(filter === null ? {} : { filter: (view: IndexView) => filterColumns(filter, view) }),
    ...(search.minScore === undefined ? {} : { minScore: search.minScore }),
    limit: search.topK,
    explain: search.explain,
  });
  const { mode } = search;
  const results = hits.map((hit) =>
    printResult({ ...hit, vector: null }, documents.get(hit.id), { words, mode }, search),
  );
  return { documents: documents.size, results };
}

/** Of several documents with one id the last. */
async function readAll({ paths, reading }: FileSearch): Promise<Map<string, SourceDocument>> {
  const documents = new Map<string, SourceDocument>();
  for await (const batch of readDocuments(paths, { ...reading, fields: {}, placeAsId: true })) {
    for (const document of batch.documents.flatMap(passagesOf)) documents.set(document.id, document);
  }
  if (documents.size > 0) return documents;
  throw new NearvecError("invalid_request", `Expected documents in ${paths.join(", ")}, there are none.`, {
    param: "file",
  });
}

/** A whole file as its passages, each called by the line that it begins in; anything else as it is. */
function passagesOf(document: SourceDocument): SourceDocument[] {
  const { id, text } = document;
  if (!wholeFiles.includes(extname(id).toLowerCase())) return [document];
  let line = 1;
  let counted = 0;
  return chunksOf(text, chunking).map(({ from, to }) => {
    for (; counted < from; counted++) if (text[counted] === "\n") line++;
    return { id: `${id}:${line}`, text: text.slice(from, to), metadata: {} };
  });
}

async function indexOf(
  model: StaticModel,
  documents: ReadonlyMap<string, SourceDocument>,
  fields: Readonly<Record<string, FieldType>>,
): Promise<SearchIndex> {
  const settings: Pick<CollectionSettings, "dimensions" | "chunking" | "bestWindow" | "fields"> = {
    dimensions: model.dimensions,
    chunking,
    bestWindow: false,
    fields,
  };
  const index = new SearchIndex(settings);
  async function* all() {
    yield { documents: [...documents.values()], bytes: 0, totalBytes: 0 };
  }
  for await (const group of groupsOf(all())) {
    const encoded = group.documents.map((document) => encodeDocument(model, document, settings));
    const { reference, parts } = await writeSegment(encoded, settings);
    index.addSegment(reference, {
      index: parts.get(reference.parts.index.sha256)!,
      rows: reference.parts.rows.map(({ sha256 }) => parts.get(sha256)!),
    });
  }
  return index;
}

function queryOf(
  model: StaticModel,
  { query, mode }: FileSearch,
  words: readonly string[],
): Pick<IndexQuery, "mode" | "vector" | "terms"> {
  if (mode === "keyword") return { mode, terms: words };
  const vector = new Float32Array(model.dimensions);
  model.encodeInto(query, vector, 0, { maxLength: null, normalize: true });
  return mode === "vector" ? { mode, vector } : { mode, vector, terms: words };
}
