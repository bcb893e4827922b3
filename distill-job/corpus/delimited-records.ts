/** Comma- or tab-separated values, as RFC 4180 describes them: quoted fields may hold anything. */
import type { TextPiece } from "./utf8-file.ts";

export type Separator = "," | "\t";

/** UTF-16 units of a field at most where the end of a quoted one is waited for: a stray quote must not hold a file up. */
const maxFieldCharacters = 16 * 1024 * 1024;

/** Splits a file into records of fields; empty lines are left out. @param separator "," or a tab */
export function* delimitedRecords(content: string, separator: Separator): Generator<string[]> {
  for (const { record } of recordsOf(content, separator)) yield record;
}

/** Some records of a file. */
export interface RecordBatch {
  readonly records: readonly string[][];
  /** Bytes of the file that have been read so far. */
  readonly bytes: number;
}

/** Splits a file that may be larger than memory, a piece at a time. */
export async function* streamedRecords(
  pieces: AsyncIterable<TextPiece>,
  separator: Separator,
): AsyncGenerator<RecordBatch> {
  let rest = "";
  let read = 0;
  for await (const { text, bytes } of pieces) {
    rest += text;
    read = bytes;
    const records: string[][] = [];
    let used = 0;
    for (const { record, end } of recordsOf(rest, separator, maxFieldCharacters)) {
      // What reaches to the end may go on in the next piece; so may the two characters of a line's end.
      if (end >= rest.length - 1) break;
      records.push(record);
      used = end;
    }
    rest = rest.slice(used);
    if (records.length > 0) yield { records, bytes };
  }
  const records = [...delimitedRecords(rest, separator)];
  if (records.length > 0) yield { records, bytes: read };
}

/**
 * Records with the places of their ends.
 *
 * @param mostOpen stops at a quoted field without an end, unless it has more UTF-16 units than this; without it,
 *   the content is all that there is, and the quote is a stray one
 */
function* recordsOf(
  content: string,
  separator: Separator,
  mostOpen?: number,
): Generator<{ record: string[]; end: number }> {
  // A field, quoted or not, and what ends it: a separator, a line's end, or the end of the file.
  const field = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`,
    "y",
  );
  // A stray quote makes a field that the first form cannot read: it is taken as it stands.
  const plain = new RegExp(`()([^${separator}\\r\\n]*)(${separator}|\\r?\\n|\\r|$)`, "y");
  const open = /"[^"]*(?:""[^"]*)*$/y;
  let record: string[] = [];
  let at = 0;
  while (at < content.length) {
    field.lastIndex = plain.lastIndex = open.lastIndex = at;
    if (mostOpen !== undefined && content.length - at <= mostOpen && open.test(content)) return;
    const [whole, quoted, bare, end] = (field.exec(content) ?? plain.exec(content))!;
    record.push(quoted?.replaceAll('""', '"') ?? bare!);
    at += whole.length;
    if (end === separator && at < content.length) continue;
    if (end === separator) record.push("");
    if (record.length > 1 || record[0] !== "") yield { record, end: at };
    record = [];
  }
}
