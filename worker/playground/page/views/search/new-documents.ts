/** Documents as they are typed: a text a line, or a JSON object a line. */
import type { Fields } from "./filter-rows.ts";

export interface NewDocument {
  readonly id: string;
  readonly text: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * @param typed What was typed for each declared field: the metadata of texts that bring none.
 * @param now Milliseconds; ids of texts are made from it, so that a later text never replaces an earlier one.
 * @throws Error if a line begins as an object and is none
 */
export function readNewDocuments(
  lines: string,
  typed: Readonly<Record<string, string>>,
  fields: Fields,
  now: number,
): NewDocument[] {
  const metadata = readMetadata(typed, fields);
  return lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line, i) => {
      const id = `${now.toString(36)}-${i + 1}`;
      if (!line.startsWith("{")) return { id, text: line, metadata };
      try {
        return { id, metadata, ...(JSON.parse(line) as Partial<NewDocument>) } as NewDocument;
      } catch (cause) {
        throw new Error(`Expected line ${i + 1} to be a text or a JSON object. ${(cause as Error).message}`, {
          cause,
        });
      }
    });
}

/** What does not fit its type goes to the worker as it is, which says what is wrong with it. */
function readMetadata(typed: Readonly<Record<string, string>>, fields: Fields): Record<string, unknown> {
  const metadata: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(fields)) {
    const text = (typed[name] ?? "").trim();
    if (text === "") continue;
    if (type === "number" && Number.isFinite(Number(text))) metadata[name] = Number(text);
    else if (type === "boolean" && (text === "true" || text === "false")) metadata[name] = text === "true";
    else if (type === "string[]") metadata[name] = text.split(",").map((item) => item.trim());
    else metadata[name] = text;
  }
  return metadata;
}
