/** A filter in the terms of Vectorize, as far as it has them. */
import { NearvecError } from "../../../shared/errors.ts";
import type { CompiledFilter } from "../../../shared/search/filter/compiled-filter.ts";
import { fieldPrefix, indexedText } from "./stored-vector.ts";
import { maxFilterBytes } from "./vector-store.ts";

type Conditions = Record<string, Record<string, unknown>>;

/**
 * @returns undefined if everything passes
 * @throws NearvecError `invalid_request` for what Vectorize cannot be asked: alternatives, `$exists`, lists of strings
 */
export function vectorizeFilter(filter: CompiledFilter | null): VectorizeVectorMetadataFilter | undefined {
  if (filter === null) return undefined;
  const conditions: Conditions = {};
  collect(filter, conditions);
  if (Object.keys(conditions).length === 0) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify(conditions)).length;
  if (bytes > maxFilterBytes) throw unsupported(`at most ${maxFilterBytes} bytes`, `${bytes}`);
  return conditions as VectorizeVectorMetadataFilter;
}

function collect(filter: CompiledFilter, conditions: Conditions): void {
  switch (filter.kind) {
    case "and":
      for (const part of filter.filters) collect(part, conditions);
      return;
    case "range":
      add(conditions, filter.field, filter.type, filter.operator, filter.bound);
      return;
    case "anyOf":
      addValues(conditions, filter, "$eq", "$in");
      return;
    case "not":
      if (filter.filter.kind !== "anyOf") {
        throw unsupported("$not before $eq and $in only", `$not before ${filter.filter.kind}`);
      }
      addValues(conditions, filter.filter, "$ne", "$nin");
      return;
    case "or":
      throw unsupported("conditions that all must hold", "$or");
    case "exists":
      throw unsupported("no $exists", "one");
  }
}

function addValues(
  conditions: Conditions,
  { field, type, values }: Extract<CompiledFilter, { kind: "anyOf" }>,
  one: string,
  several: string,
): void {
  if (values.length === 1) add(conditions, field, type, one, values[0]);
  else add(conditions, field, type, several, values);
}

function add(conditions: Conditions, field: string, type: string, operator: string, operand: unknown): void {
  if (type === "string[]") throw unsupported("fields with one value", `${field}, a list`);
  const name = fieldPrefix + field;
  const present = conditions[name] ?? {};
  const isRange = (candidate: string): boolean => /^\$[gl]t/.test(candidate);
  const sides = [...Object.keys(present), operator];
  const fits =
    sides.length === 1 || (sides.length === 2 && sides.every(isRange) && sides[0]![1] !== sides[1]![1]);
  if (!fits)
    throw unsupported(`one condition on ${field}, or a lower and an upper bound`, sides.join(" and "));
  conditions[name] = { ...present, [operator]: indexed(operand) };
}

/** Strings as vectors carry them. */
function indexed(operand: unknown): unknown {
  if (Array.isArray(operand)) return operand.map(indexed);
  return typeof operand === "string" ? indexedText(operand) : operand;
}

function unsupported(expected: string, got: string): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected ${expected} in a filter of a collection whose backend is Vectorize, got ${got}.`,
    { param: "filter" },
  );
}
