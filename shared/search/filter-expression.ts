/** A filter, as it is asked: fields with conditions, and filters joined. Several conditions beside each other must all hold. */

export type FilterValue = string | number | boolean;

export interface FieldCondition {
  readonly $eq?: FilterValue;
  readonly $ne?: FilterValue;
  readonly $gt?: string | number;
  readonly $gte?: string | number;
  readonly $lt?: string | number;
  readonly $lte?: string | number;
  readonly $in?: readonly FilterValue[];
  readonly $nin?: readonly FilterValue[];
  readonly $exists?: boolean;
}

/**
 * `{ year: { $gte: 2020 }, lang: "en", $or: [{ kind: "news" }, { kind: { $exists: false } }] }`
 *
 * A value alone means `$eq`. A field of type `string[]` satisfies `$eq` and `$in` if one of its strings does, and
 * `$ne` and `$nin` if none does. A document without the field satisfies `$ne`, `$nin` and `$exists: false` only.
 */
export interface FilterExpression {
  readonly $and?: readonly FilterExpression[];
  readonly $or?: readonly FilterExpression[];
  readonly $not?: FilterExpression;
  readonly [field: string]:
    | FilterValue
    | FieldCondition
    | FilterExpression
    | readonly FilterExpression[]
    | undefined;
}
