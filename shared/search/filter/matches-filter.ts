/** Whether one document passes a filter, by its metadata as it was written. */
import type { Metadata } from "../collection/document.ts";
import { compareCodePoints } from "../segment/code-point-order.ts";
import type { CompiledFilter, RangeCondition } from "./compiled-filter.ts";
import { fieldValue } from "./field-value.ts";

export function matchesFilter(filter: CompiledFilter, metadata: Metadata): boolean {
  switch (filter.kind) {
    case "and":
      return filter.filters.every((part) => matchesFilter(part, metadata));
    case "or":
      return filter.filters.some((part) => matchesFilter(part, metadata));
    case "not":
      return !matchesFilter(filter.filter, metadata);
    case "exists":
      return fieldValue(metadata, filter.field, filter.type) !== undefined;
    case "anyOf": {
      const value = fieldValue(metadata, filter.field, filter.type);
      return value !== undefined && [value].flat().some((item) => filter.values.includes(item));
    }
    case "range": {
      const value = fieldValue(metadata, filter.field, filter.type);
      return value !== undefined && isInRange(filter, value);
    }
  }
}

function isInRange({ operator, bound }: RangeCondition, value: string | number): boolean {
  const difference =
    typeof value === "string" ? compareCodePoints(value, bound as string) : value - (bound as number);
  switch (operator) {
    case "$gt":
      return difference > 0;
    case "$gte":
      return difference >= 0;
    case "$lt":
      return difference < 0;
    case "$lte":
      return difference <= 0;
  }
}
