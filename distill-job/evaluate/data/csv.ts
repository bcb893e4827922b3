/**
 * Comma-separated values: quotes, doubled quotes, line breaks inside quotes.
 * Format: RFC 4180.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell in quotes, or one without; then what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const match = cell.exec(text);
    // A quote in the middle of a cell: taken as it stands, up to the end of the cell.
    const [, quoted, plain, end] = match ?? looseCell(text, at, cell);
    row.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  if (row.length > 0) rows.push([...row, ""]);
  return rows;
}

function looseCell(text: string, at: number, cell: RegExp): (string | undefined)[] {
  const end = /,|\r?\n|$/g;
  end.lastIndex = at;
  const [separator] = end.exec(text)!;
  cell.lastIndex = end.lastIndex;
  return [undefined, undefined, text.slice(at, end.lastIndex - separator.length), separator];
}
