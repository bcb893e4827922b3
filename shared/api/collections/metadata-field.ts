/** What a document's metadata may be: a JSON object of limited depth and size, declared fields of their types. */
import { NearvecError } from "../../errors.ts";
import { maxMetadataBytes, maxMetadataDepth } from "../../limits.ts";
import type { FieldType } from "../../search/collection/collection-settings.ts";
import type { Metadata } from "../../search/collection/document.ts";
import { describeValue } from "../describe-value.ts";

const encoder = new TextEncoder();

/**
 * @param fields The collection's declared fields. Null stands for a field that is not there.
 * @param param The field's name in messages.
 * @throws NearvecError `invalid_request`
 */
export function checkMetadata(
  value: unknown,
  fields: Readonly<Record<string, FieldType>>,
  param: string,
): Metadata {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(`Expected ${param} to be an object, got ${describeValue(value)}.`, param);
  }
  checkValue(value, 1, param);
  const bytes = encoder.encode(JSON.stringify(value)).length;
  if (bytes > maxMetadataBytes) {
    throw invalid(
      `Expected ${param} to have at most ${maxMetadataBytes} bytes as JSON, got ${bytes}.`,
      param,
    );
  }
  const metadata = value as Metadata;
  for (const [name, type] of Object.entries(fields)) {
    const field = Object.hasOwn(metadata, name) ? metadata[name] : null;
    if (field === null || isOfType(field, type)) continue;
    const path = `${param}.${name}`;
    throw invalid(
      `Expected ${path} to be ${typeNames[type]}, as the collection declares it, got ${describeValue(field)}.`,
      path,
    );
  }
  return metadata;
}

const typeNames: Record<FieldType, string> = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  "string[]": "an array of strings",
};

function isOfType(value: unknown, type: FieldType): boolean {
  if (type === "string[]") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return typeof value === type;
}

/** Walks no deeper than the limit, so that no nesting can exhaust the stack. */
function checkValue(value: unknown, depth: number, param: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw invalid(`Expected ${param} to hold finite numbers, got one beyond 64 bits.`, param);
  }
  if (typeof value !== "object" || value === null) return;
  if (depth > maxMetadataDepth) {
    throw invalid(
      `Expected ${param} to nest at most ${maxMetadataDepth} levels of objects and arrays.`,
      param,
    );
  }
  for (const inner of Object.values(value)) checkValue(inner, depth + 1, param);
}

function invalid(message: string, param: string): NearvecError {
  return new NearvecError("invalid_request", message, { param });
}
