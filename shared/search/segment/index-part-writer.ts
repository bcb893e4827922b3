/** Writes the part that says which documents, entries and terms a segment has. */
import type { FieldType } from "../collection/collection-settings.ts";
import type { EncodedDocument } from "../collection/document.ts";
import { columnTensors, fieldsOf } from "./column.ts";
import { InvertedIndex } from "./inverted-index.ts";
import { type PartTensor, writePart } from "./part-file.ts";
import { encodeStrings, stringTensors } from "./string-table.ts";

export interface WrittenIndex {
  readonly bytes: Uint8Array;
  readonly entries: number;
  readonly rows: number;
  readonly words: number;
}

/** @param documents in the order of their ids' UTF-8 bytes */
export function writeIndexPart(
  documents: readonly EncodedDocument[],
  declared: Readonly<Record<string, FieldType>>,
): WrittenIndex {
  const entries = documents.reduce((sum, document) => sum + document.entries.length, 0);
  const documentEntries = new Uint32Array(documents.length + 1);
  const entryRows = new Uint32Array(entries + 1);
  const entryRanges = new Uint32Array(entries * 2);
  const entryWords = new Uint32Array(entries);
  const inverted = new InvertedIndex();
  let entry = 0;
  let words = 0;
  documents.forEach((document, i) => {
    for (const { from, to, rows } of document.entries) {
      entryRows[entry + 1] = entryRows[entry]! + rows;
      entryRanges.set([from, to], entry * 2);
      entryWords[entry] = inverted.add(document.text.slice(from, to));
      words += entryWords[entry]!;
      entry++;
    }
    documentEntries[i + 1] = entry;
  });
  const { terms, termEntries, postingOffsets, postings } = inverted.finish();
  const fields = fieldsOf(declared);
  const rows = entryRows[entries]!;
  const metadata = {
    documents: `${documents.length}`,
    entries: `${entries}`,
    rows: `${rows}`,
    terms: `${termEntries.length}`,
    words: `${words}`,
    fields: JSON.stringify(fields),
  };
  const bytes = writePart("index", metadata, [
    ...firstsTensor("document_entries", documentEntries),
    ...firstsTensor("entry_rows", entryRows),
    { name: "entry_ranges", type: "U32", data: entryRanges, shape: [entries, 2] },
    { name: "entry_words", type: "U32", data: entryWords },
    ...stringTensors("id", encodeStrings(documents.map(({ id }) => id))),
    ...stringTensors("term", terms),
    { name: "term_entries", type: "U32", data: termEntries },
    { name: "posting_offsets", type: "U32", data: postingOffsets },
    { name: "postings", type: "U8", data: postings },
    ...fields.flatMap((field, i) => columnTensors(i, field, documents)),
  ]);
  return { bytes, entries, rows, words };
}

/** Nothing where one thing has one other: it is known, and a large collection has no memory to spare for it. */
function firstsTensor(name: string, data: Uint32Array): PartTensor[] {
  return data.at(-1) === data.length - 1 ? [] : [{ name, type: "U32", data }];
}
