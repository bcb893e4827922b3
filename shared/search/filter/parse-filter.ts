/** Checks a filter as it was asked, and makes the few kinds of condition of it that there are. */
import { describeValue } from "../../api/describe-value.ts";
import { NearvecError } from "../../errors.ts";
import { maxFilterConditions, maxFilterDepth } from "../../limits.ts";
import type { FieldType } from "../collection/collection-settings.ts";
import type { FilterValue } from "../filter-expression.ts";
import type { CompiledFilter, RangeOperator } from "./compiled-filter.ts";

const joins = ["$and", "$or", "$not"];
const ranges: readonly string[] = ["$gt", "$gte", "$lt", "$lte"] satisfies RangeOperator[];
const operators = ["$eq", "$ne", ...ranges, "$in", "$nin", "$exists"];

/** What a value must be for a field of each type; of `string[]` it is compared to each of the strings. */
const operandTypes = {
  string: "string",
  number: "number",
  boolean: "boolean",
  "string[]": "string",
} as const;

/**
 * Checks a filter. One without conditions, `{}`, lets every document pass; a nested one must have some.
 *
 * @param value a `FilterExpression`, or anything else that came as one
 * @param fields the declared fields of the collection
 * @param path how errors name the filter
 * @throws NearvecError invalid_request, its `param` naming the place, e.g. `filter.$and[1].year.$gte`
 *
 * @example
 * ```ts
 * const filter = parseFilter({ year: { $gte: 2020 } }, { year: "number" });
 * const documents = filterColumns(filter, index);
 * ```
 */
export function parseFilter(
  value: unknown,
  fields: Readonly<Record<string, FieldType>>,
  path = "filter",
): CompiledFilter {
  if (isRecord(value) && Object.keys(value).length === 0) return { kind: "and", filters: [] };
  return new FilterParser(fields).filter(value, path, 0);
}

class FilterParser {
  readonly #fields: Readonly<Record<string, FieldType>>;
  #conditions = 0;

  constructor(fields: Readonly<Record<string, FieldType>>) {
    this.#fields = fields;
  }

  filter(value: unknown, path: string, depth: number): CompiledFilter {
    if (!isRecord(value)) throw invalid(path, "an object of fields and conditions", describeValue(value));
    const filters = Object.entries(value).map(([key, part]) => {
      const place = `${path}.${shortened(key)}`;
      return key.startsWith("$") ? this.#join(key, part, place, depth + 1) : this.#field(key, part, place);
    });
    if (filters.length === 0) throw invalid(path, "at least one condition", "none");
    return all(filters);
  }

  #join(operator: string, value: unknown, path: string, depth: number): CompiledFilter {
    if (!joins.includes(operator)) {
      const hint = operators.includes(operator) ? " Conditions stand under the name of their field." : "";
      throw invalid(path, `one of ${joins.join(", ")} or a field`, operator, hint);
    }
    if (depth > maxFilterDepth) {
      throw invalid(path, `at most ${maxFilterDepth} levels of ${joins.join(", ")}`, "more");
    }
    if (operator === "$not") return { kind: "not", filter: this.filter(value, path, depth) };
    if (!Array.isArray(value)) throw invalid(path, "an array of filters", describeValue(value));
    if (value.length === 0) throw invalid(path, "at least one filter", "none");
    const filters = value.map((part, i) => this.filter(part, `${path}[${i}]`, depth));
    return operator === "$or" ? { kind: "or", filters } : all(filters);
  }

  #field(field: string, value: unknown, path: string): CompiledFilter {
    if (!Object.hasOwn(this.#fields, field)) {
      const declared = Object.keys(this.#fields);
      const hint =
        declared.length === 0
          ? " This collection declares no fields, so it cannot be filtered."
          : ` Fields are declared when a collection is created: ${declared.join(", ")}.`;
      throw invalid(path, "a declared field", JSON.stringify(shortened(field)), hint);
    }
    const type = this.#fields[field]!;
    if (!isRecord(value)) return this.#condition(field, type, "$eq", value, path);
    const conditions = Object.entries(value).map(([operator, operand]) =>
      this.#condition(field, type, operator, operand, `${path}.${shortened(operator)}`),
    );
    if (conditions.length === 0) throw invalid(path, `a value or one of ${operators.join(", ")}`, "none");
    return all(conditions);
  }

  #condition(
    field: string,
    type: FieldType,
    operator: string,
    operand: unknown,
    path: string,
  ): CompiledFilter {
    if (++this.#conditions > maxFilterConditions) {
      throw invalid(path, `at most ${maxFilterConditions} conditions in a filter`, "more");
    }
    if (ranges.includes(operator)) {
      if (type === "boolean" || type === "string[]") {
        throw invalid(path, `$eq, $ne, $in, $nin or $exists for a field of type ${type}`, operator);
      }
      const bound = parseValue(operand, type, path) as string | number;
      return { kind: "range", field, type, operator: operator as RangeOperator, bound };
    }
    switch (operator) {
      case "$eq":
      case "$ne": {
        const values = [parseValue(operand, type, path)];
        return negateIf(operator === "$ne", { kind: "anyOf", field, type, values });
      }
      case "$in":
      case "$nin":
        return negateIf(operator === "$nin", {
          kind: "anyOf",
          field,
          type,
          values: parseValues(operand, type, path),
        });
      case "$exists":
        if (typeof operand !== "boolean") throw invalid(path, "true or false", describeValue(operand));
        return negateIf(!operand, { kind: "exists", field, type });
      default:
        throw invalid(path, `one of ${operators.join(", ")}`, operator);
    }
  }
}

function parseValues(operand: unknown, type: FieldType, path: string): FilterValue[] {
  if (!Array.isArray(operand)) throw invalid(path, "an array of values", describeValue(operand));
  if (operand.length === 0 || operand.length > maxFilterConditions) {
    throw invalid(path, `1 to ${maxFilterConditions} values`, `${operand.length}`);
  }
  return operand.map((value, i) => parseValue(value, type, `${path}[${i}]`));
}

function parseValue(value: unknown, type: FieldType, path: string): FilterValue {
  const expected = operandTypes[type];
  if (typeof value !== expected || (typeof value === "number" && !Number.isFinite(value))) {
    const hint = value === null ? " Ask for documents without the field by $exists: false." : "";
    throw invalid(path, `a ${expected} for a field of type ${type}`, describeValue(value), hint);
  }
  return typeof value === "string" ? value.toWellFormed() : (value as FilterValue);
}

/** A key as a place names it: nobody reads a longer one. */
function shortened(key: string): string {
  return key.slice(0, 80);
}

function negateIf(negate: boolean, filter: CompiledFilter): CompiledFilter {
  return negate ? { kind: "not", filter } : filter;
}

function all(filters: readonly CompiledFilter[]): CompiledFilter {
  return filters.length === 1 ? filters[0]! : { kind: "and", filters };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(path: string, expected: string, got: string, hint = ""): NearvecError {
  return new NearvecError(
    "invalid_request",
    `Expected ${expected} at ${path}, got ${shortened(got)}.${hint}`,
    {
      param: path,
    },
  );
}
