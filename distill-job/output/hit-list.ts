/** What a search has found, for a person's eyes. */
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { Explanation, SearchResult } from "../../shared/api/collections/search-answer.ts";
import { boldText } from "./bold-text.ts";
import { printableText } from "./printable-text.ts";

/** Columns of text at most, however wide the terminal is: longer lines are hard to read. */
const maxColumns = 100;
const indent = "    ";

/** UTF-16 units of a metadata value at most. */
const maxValueCharacters = 60;

/** @param columns of the terminal */
export function hitList(results: readonly SearchResult[], columns: number): string {
  const width = Math.max(24, Math.min(columns, maxColumns)) - indent.length - 1;
  return results.map((result, i) => describeHit(result, i + 1, width)).join("\n");
}

function describeHit(
  { id, score, snippet, metadata, explain }: SearchResult,
  rank: number,
  width: number,
): string {
  const place = `${String(rank).padStart(2)}  ${score.toFixed(3)}  ${styleText("bold", printableText(id))}`;
  const parts = [
    snippet === undefined ? "" : markMatches(printableText(snippet.text), snippet.matches),
    metadata === undefined ? "" : dim(describeMetadata(metadata)),
    explain === undefined ? "" : dim(describeScores(explain)),
  ];
  const lines = parts.flatMap((part) =>
    part === "" ? [] : wrapAnsi(part, width, { hard: true }).split("\n"),
  );
  return `${place}\n${lines.map((line) => `${indent}${line}\n`).join("")}`;
}

function dim(text: string): string {
  return text === "" ? "" : styleText("dim", text);
}

function markMatches(text: string, matches: readonly (readonly [number, number])[]): string {
  let marked = "";
  let at = 0;
  for (const [from, to] of matches) {
    marked += text.slice(at, from) + boldText("cyan", text.slice(from, to));
    at = to;
  }
  return marked + text.slice(at);
}

function describeMetadata(metadata: Readonly<Record<string, unknown>>): string {
  return Object.entries(metadata)
    .map(([name, value]) => {
      const printed = typeof value === "string" ? value : JSON.stringify(value);
      const short =
        printed.length > maxValueCharacters ? `${printed.slice(0, maxValueCharacters)}…` : printed;
      return printableText(`${name} ${short}`);
    })
    .join(" · ");
}

/** Where the score comes from: either ranking's score, and what each of the words gave. */
function describeScores({ vector, keyword }: Explanation): string {
  const parts: string[] = [];
  if (vector !== null) parts.push(`vector ${vector.score.toFixed(3)}${describePlace(vector)}`);
  if (keyword !== null) {
    const terms = keyword.terms.map(({ term, score }) => `${printableText(term)} ${score.toFixed(2)}`);
    const sum = terms.length === 0 ? "" : ` = ${terms.join(" + ")}`;
    parts.push(`words ${keyword.score.toFixed(2)}${describePlace(keyword)}${sum}`);
  }
  return parts.join(", ");
}

function describePlace({ normalized, rank }: { normalized: number | null; rank: number | null }): string {
  if (normalized !== null) return ` (${normalized.toFixed(2)} of 1)`;
  return rank === null ? "" : ` (rank ${rank})`;
}
