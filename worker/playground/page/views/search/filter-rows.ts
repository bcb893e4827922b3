/** Conditions that all must hold, as the filter that a search takes. */
import type { FieldType } from "../../../../../shared/search/collection/collection-settings.ts";

export type Fields = Readonly<Record<string, FieldType>>;

export interface FilterRow {
  readonly field: string;
  readonly operator: string;
  /** As it was typed. */
  readonly value: string;
}

export interface Operator {
  readonly name: string;
  readonly label: string;
}

const equality: readonly Operator[] = [
  { name: "$eq", label: "is" },
  { name: "$ne", label: "is not" },
];
const anyOf: Operator = { name: "$in", label: "is one of" };
const existence: readonly Operator[] = [
  { name: "exists", label: "is there" },
  { name: "missing", label: "is missing" },
];

/** What can be asked of a field of each type. */
export const operatorsOf: Readonly<Record<FieldType, readonly Operator[]>> = {
  string: [...equality, anyOf, ...existence],
  number: [
    { name: "$gte", label: "≥" },
    { name: "$lte", label: "≤" },
    { name: "$eq", label: "=" },
    { name: "$ne", label: "≠" },
    ...existence,
  ],
  boolean: [...equality, ...existence],
  "string[]": [{ name: "$eq", label: "has" }, { name: "$ne", label: "has not" }, anyOf, ...existence],
};

export function takesValue(operator: string): boolean {
  return operator.startsWith("$");
}

/** Undefined if no condition is complete. */
export function filterOf(rows: readonly FilterRow[], fields: Fields): object | undefined {
  const filter: Record<string, Record<string, unknown>> = {};
  const others: object[] = [];
  for (const { field, operator, value } of rows) {
    const type = fields[field];
    if (type === undefined) continue;
    const [name, operand] = takesValue(operator)
      ? [operator, operandOf(value, operator, type)]
      : ["$exists", operator === "exists"];
    if (operand === undefined) continue;
    const conditions = Object.hasOwn(filter, field) ? filter[field]! : {};
    // The same asked twice of one field: both must hold.
    if (Object.hasOwn(conditions, name)) others.push({ [field]: { [name]: operand } });
    else filter[field] = { ...conditions, [name]: operand };
  }
  if (others.length > 0) return { $and: [filter, ...others] };
  return Object.keys(filter).length === 0 ? undefined : filter;
}

/** What was typed, as the field's type has it; undefined if it is none yet. */
function operandOf(value: string, operator: string, type: FieldType): unknown {
  const text = value.trim();
  if (text === "") return undefined;
  if (operator === "$in") {
    return text
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
  }
  if (type === "number") return Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (type === "boolean") return text === "true";
  return text;
}
