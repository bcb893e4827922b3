/** What a document has in a declared field: the one decision that columns and plain metadata share. */
import type { FieldType } from "../collection/collection-settings.ts";
import type { Metadata } from "../collection/document.ts";

export interface FieldValues {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly "string[]": readonly string[];
}
export type FieldValue = FieldValues[FieldType];

/**
 * The value of a field; undefined where it is absent or not of the declared type, which is the same to a filter.
 * Strings are made well-formed, as UTF-8 would store them.
 */
export function fieldValue<Type extends FieldType>(
  metadata: Metadata,
  name: string,
  type: Type,
): FieldValues[Type] | undefined;
export function fieldValue(metadata: Metadata, name: string, type: FieldType): FieldValue | undefined {
  const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
  switch (type) {
    case "string":
      return typeof value === "string" ? value.toWellFormed() : undefined;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "string[]":
      return Array.isArray(value) && value.every((item) => typeof item === "string")
        ? value.map((item: string) => item.toWellFormed())
        : undefined;
  }
}
