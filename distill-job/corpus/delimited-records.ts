/** Comma- or tab-separated values, as RFC 4180 describes them: quoted fields may hold anything. */

/** Splits a file into records of fields; empty lines are left out. @param separator "," or a tab */
export function* delimitedRecords(content: string, separator: "," | "\t"): Generator<string[]> {
  // A field, quoted or not, and what ends it: a separator, a line's end, or the end of the file.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r?\\n|\\r|$)`, "y");
  // A stray quote makes a field that the first form cannot read: it is taken as it stands.
  const plain = new RegExp(`()([^${separator}\\r\\n]*)(${separator}|\\r?\\n|\\r|$)`, "y");
  let record: string[] = [];
  let at = 0;
  while (at < content.length) {
    field.lastIndex = plain.lastIndex = at;
    const [whole, quoted, bare, end] = (field.exec(content) ?? plain.exec(content))!;
    record.push(quoted?.replaceAll('""', '"') ?? bare!);
    at += whole.length;
    if (end === separator && at < content.length) continue;
    if (end === separator) record.push("");
    if (record.length > 1 || record[0] !== "") yield record;
    record = [];
  }
}
