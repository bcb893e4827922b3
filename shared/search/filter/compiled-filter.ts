/** A filter that has been checked: every field declared, every value of its type. */
import type { FieldType } from "../collection/collection-settings.ts";
import type { FilterValue } from "../filter-expression.ts";

export type RangeOperator = "$gt" | "$gte" | "$lt" | "$lte";

interface OnField {
  readonly field: string;
  readonly type: FieldType;
}

export interface RangeCondition extends OnField {
  readonly kind: "range";
  readonly type: "string" | "number";
  readonly operator: RangeOperator;
  readonly bound: string | number;
}

/** `$eq` and `$in`; `$ne` and `$nin` are a `not` of them. */
export interface AnyOfCondition extends OnField {
  readonly kind: "anyOf";
  readonly values: readonly FilterValue[];
}

/** `$exists: true`. */
export interface ExistsCondition extends OnField {
  readonly kind: "exists";
}

export type CompiledFilter =
  | RangeCondition
  | AnyOfCondition
  | ExistsCondition
  | { readonly kind: "and" | "or"; readonly filters: readonly CompiledFilter[] }
  | { readonly kind: "not"; readonly filter: CompiledFilter };
