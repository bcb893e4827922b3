/** A table of similarities for a person's eyes: the likest pairs stand out. */
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import { boldText } from "./bold-text.ts";
import { printableText } from "./printable-text.ts";

/** Columns of a cell. */
const cellColumns = 6;
const minNameColumns = 8;

/** What a cosine looks like: nothing in common fades, a paraphrase stands out. */
const clearlyAlike = 0.6;
const hardlyAlike = 0.2;

/**
 * @param similarities texts x texts
 * @param columns of the terminal; as many of the table's columns are printed as fit
 */
export function similarityTable(
  texts: readonly string[],
  similarities: readonly (readonly number[])[],
  columns: number,
): string {
  const nameColumns = Math.max(minNameColumns, columns - 5 - texts.length * cellColumns);
  const shown = Math.min(texts.length, Math.floor((columns - 5 - nameColumns) / cellColumns));
  const numbers = texts.map((_, i) => String(i + 1));
  const head = numbers.slice(0, shown).map((number) => number.padStart(cellColumns));
  const rows = texts.map((text, row) => {
    const cells = similarities[row]!.slice(0, shown).map((value, column) => cell(value, row === column));
    return `${numbers[row]!.padStart(3)} ${cells.join("")}  ${shorten(text, nameColumns)}\n`;
  });
  const left = shown < texts.length ? styleText("dim", ` …${texts.length - shown} more`) : "";
  return `${styleText("dim", `    ${head.join("")}`)}${left}\n${rows.join("")}`;
}

function cell(value: number, diagonal: boolean): string {
  const printed = value.toFixed(2).padStart(cellColumns);
  if (diagonal || value < hardlyAlike) return styleText("dim", printed);
  return value >= clearlyAlike ? boldText("green", printed) : printed;
}

function shorten(text: string, columns: number): string {
  const lines = wrapAnsi(printableText(text).trim(), columns - 1, { hard: true }).split("\n");
  return lines.length > 1 ? `${lines[0]!.trimEnd()}…` : lines[0]!;
}
