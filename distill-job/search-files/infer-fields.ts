/** Which metadata fields a filter may name where nobody has declared any: those that are of one type throughout. */

import { maxFields } from "../../shared/limits.ts";
import { type FieldType, fieldTypes } from "../../shared/search/collection/collection-settings.ts";
import type { SourceDocument } from "../../shared/search/collection/document.ts";

/** The first `maxFields` of them. */
export function inferFields(documents: Iterable<SourceDocument>): Record<string, FieldType> {
  const types = new Map<string, FieldType | "mixed">();
  for (const { metadata } of documents) {
    for (const [name, value] of Object.entries(metadata)) {
      if (value === null) continue;
      const type = typeOf(value);
      types.set(name, (types.get(name) ?? type) === type ? type : "mixed");
    }
  }
  const uniform = [...types].filter((entry): entry is [string, FieldType] => entry[1] !== "mixed");
  return Object.fromEntries(uniform.slice(0, maxFields));
}

function typeOf(value: unknown): FieldType | "mixed" {
  if (Array.isArray(value))
    return value.every((element) => typeof element === "string") ? "string[]" : "mixed";
  return fieldTypes.find((type) => type === typeof value) ?? "mixed";
}
