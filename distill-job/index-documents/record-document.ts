/** A record of a file, an object or a line of a table, as a document. */
import { NearvecError } from "../../shared/errors.ts";
import type { FieldType } from "../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";

/** Fields that an id is looked for in; the first that is there is taken. */
export const idFields = ["id", "_id", "docid", "doc_id"];

/** Fields that make up the text; those that are there are joined, a line each, in this order. */
export const documentTextFields = ["title", "text", "content", "body"];

export interface RecordReading {
  /** The id's field; one of `idFields` if not given. */
  readonly idField?: string | undefined;
  /** The text's fields; those of `documentTextFields` that are there if not given. */
  readonly textFields?: readonly string[] | undefined;
  /** Declared fields of the collection: what a table has as text is read as what they say. */
  readonly fields: Readonly<Record<string, FieldType>>;
  /** Whether a record without an id is called by its place, e.g. `docs.jsonl:7`. */
  readonly placeAsId?: boolean;
}

/**
 * The document of a record. Its metadata are the fields of `metadata`, if that is an object, and all the
 * record's other fields but the id and the text that is not a title.
 *
 * @param place what errors name, e.g. `docs.jsonl:7`
 * @throws NearvecError invalid_request if it has no id or no text
 */
export function recordDocument(
  record: Readonly<Record<string, unknown>>,
  reading: RecordReading,
  place: string,
): SourceDocument {
  const idName = reading.idField ?? idFields.find((name) => record[name] !== undefined);
  const idValue = idName === undefined ? (reading.placeAsId ? place : undefined) : record[idName];
  if (idValue === undefined || (typeof idValue !== "string" && typeof idValue !== "number")) {
    throw invalid(
      `Expected an id in ${reading.idField ?? idFields.join(", ")} at ${place}, it has ${namesOf(record)}. Choose with --id-field.`,
    );
  }
  const names = (reading.textFields ?? documentTextFields).filter(
    (name) => typeof record[name] === "string" && record[name] !== "",
  );
  if (names.length === 0) {
    throw invalid(
      `Expected text in ${(reading.textFields ?? documentTextFields).join(", ")} at ${place}, it has ${namesOf(record)}. Choose with --text-field.`,
    );
  }
  const { metadata: nested, ...rest } = record;
  const metadata: Record<string, unknown> = isRecord(nested) ? { ...nested } : {};
  for (const [name, value] of Object.entries(rest)) {
    if (name === idName || (names.includes(name) && name !== "title")) continue;
    metadata[name] = value;
  }
  if (nested !== undefined && !isRecord(nested)) metadata.metadata = nested;
  return {
    id: String(idValue),
    text: names.map((name) => record[name]).join("\n"),
    metadata,
  };
}

/**
 * The record of a line of a table, whose values are all text: those of declared fields become what their type
 * says; empty ones are left out.
 *
 * @throws NearvecError invalid_request
 */
export function recordOfRow(
  names: readonly string[],
  row: readonly string[],
  fields: Readonly<Record<string, FieldType>>,
  place: string,
): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  names.forEach((name, column) => {
    const value = row[column] ?? "";
    if (value !== "") record[name] = typedValue(value, fields[name] ?? "string", `${name} at ${place}`);
  });
  return record;
}

function typedValue(value: string, type: FieldType, what: string): unknown {
  switch (type) {
    case "number": {
      const number = Number(value);
      if (Number.isFinite(number)) return number;
      throw invalid(
        `Expected a number as ${what}, got ${JSON.stringify(value)}. Mend it, or leave it empty.`,
      );
    }
    case "boolean":
      if (value === "true" || value === "1") return true;
      if (value === "false" || value === "0") return false;
      throw invalid(
        `Expected true or false as ${what}, got ${JSON.stringify(value)}. Mend it, or leave it empty.`,
      );
    case "string[]":
      return value.split("|").map((part) => part.trim());
    default:
      return value;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function namesOf(record: Readonly<Record<string, unknown>>): string {
  return Object.keys(record).slice(0, 12).join(", ") || "no fields";
}

function invalid(message: string): NearvecError {
  return new NearvecError("invalid_request", message, { param: "documents" });
}
