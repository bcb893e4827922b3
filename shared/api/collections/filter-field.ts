/** What a filter looks like to OpenAPI. What it may say depends on the collection: shared/search/filter checks it. */
import { z } from "zod";
import { maxFilterConditions } from "../../limits.ts";

const value = { type: ["string", "number", "boolean"] };
const bound = { type: ["string", "number"] };
const values = { type: "array", items: value, minItems: 1, maxItems: maxFilterConditions };
/** The filter's own name: it nests. */
const filter = { $ref: "#/$defs/Filter" };
const filters = { type: "array", items: filter, minItems: 1 };

export const filterSchema = z.unknown().meta({
  id: "Filter",
  description:
    "Conditions by declared field, all of which must hold: a value, or operators. `$and`, `$or` and `$not` join filters.",
  type: "object",
  properties: { $and: filters, $or: filters, $not: filter },
  additionalProperties: {
    anyOf: [
      value,
      {
        type: "object",
        properties: {
          $eq: value,
          $ne: value,
          $gt: bound,
          $gte: bound,
          $lt: bound,
          $lte: bound,
          $in: values,
          $nin: values,
          $exists: { type: "boolean" },
        },
        additionalProperties: false,
        minProperties: 1,
      },
    ],
  },
});
