import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NearvecError } from "../../shared/errors.ts";
import { maxFilterConditions, maxFilterDepth } from "../../shared/limits.ts";
import type { FieldType } from "../../shared/search/collection/collection-settings.ts";
import type { Metadata } from "../../shared/search/collection/document.ts";
import { filterColumns } from "../../shared/search/filter/filter-columns.ts";
import { matchesFilter } from "../../shared/search/filter/matches-filter.ts";
import { parseFilter } from "../../shared/search/filter/parse-filter.ts";
import { countBits, hasBit } from "../../shared/search/segment/bitmap.ts";
import { readIndexPart } from "../../shared/search/segment/index-part-reader.ts";
import { writeSegment } from "../../shared/search/segment/segment-writer.ts";
import { makeDocument } from "./segment-documents.ts";

const fields: Record<string, FieldType> = {
  year: "number",
  lang: "string",
  tags: "string[]",
  open: "boolean",
};

/** The semantics of shared/search/filter-expression.ts once more, without a thought for speed. */
function oracle(filter: unknown, metadata: Metadata): boolean {
  return Object.entries(filter as Record<string, unknown>).every(([key, part]) => {
    if (key === "$and") return (part as unknown[]).every((each) => oracle(each, metadata));
    if (key === "$or") return (part as unknown[]).some((each) => oracle(each, metadata));
    if (key === "$not") return !oracle(part, metadata);
    const raw = metadata[key];
    const type = fields[key]!;
    const isOfType =
      type === "string[]"
        ? Array.isArray(raw) && raw.every((item) => typeof item === "string")
        : typeof raw === type;
    const values = isOfType ? [raw].flat() : [];
    const conditions = typeof part === "object" ? (part as Record<string, unknown>) : { $eq: part };
    const compare = (left: unknown, right: unknown): number =>
      typeof left === "string"
        ? Buffer.compare(Buffer.from(left), Buffer.from(right as string))
        : Math.sign((left as number) - (right as number));
    return Object.entries(conditions).every(([operator, operand]) => {
      switch (operator) {
        case "$eq":
          return values.some((value) => value === operand);
        case "$ne":
          return !values.some((value) => value === operand);
        case "$in":
          return values.some((value) => (operand as unknown[]).includes(value));
        case "$nin":
          return !values.some((value) => (operand as unknown[]).includes(value));
        case "$exists":
          return isOfType === operand;
        case "$gt":
          return values.some((value) => compare(value, operand) > 0);
        case "$gte":
          return values.some((value) => compare(value, operand) >= 0);
        case "$lt":
          return values.some((value) => compare(value, operand) < 0);
        case "$lte":
          return values.some((value) => compare(value, operand) <= 0);
        default:
          throw new Error(operator);
      }
    });
  });
}

/** Ends, and doubles that are next to one another. */
const numbers = [
  ...[0, -0, 5e-324, -5e-324, 1, 1 + Number.EPSILON, -2, -2 - 2 * Number.EPSILON, 2.5, 3],
  ...[-1e300, 1e300, Number.MAX_VALUE, -Number.MAX_VALUE],
];
const anyNumber = fc.constantFrom(...numbers);
const anyString = fc.constantFrom("", "a", "ab", "b", "\uffee", "\u{1f40e}", "é", "B");
const values = { number: anyNumber, string: anyString, boolean: fc.boolean(), "string[]": anyString };
const anyMetadata: fc.Arbitrary<Metadata> = fc.record(
  {
    year: fc.oneof(anyNumber, fc.constantFrom(null, "1", [1])),
    lang: fc.oneof(anyString, fc.constantFrom(null, 1, ["a"])),
    tags: fc.oneof(fc.array(anyString, { maxLength: 3 }), fc.constantFrom<unknown>("a", ["a", 1], null)),
    open: fc.oneof(fc.boolean(), fc.constantFrom("true", null)),
  },
  { requiredKeys: [] },
);

/** Objects with one or two of the keys: with more, filters would soon have more conditions than they may. */
function someOf(arbitraries: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return fc
    .subarray(Object.keys(arbitraries), { minLength: 1, maxLength: 2 })
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, arbitraries[key]!]))));
}

function anyCondition(type: FieldType): fc.Arbitrary<unknown> {
  const value: fc.Arbitrary<unknown> = values[type];
  const list = fc.array(value, { minLength: 1, maxLength: 12, size: "max" });
  const shared = { $eq: value, $ne: value, $in: list, $nin: list, $exists: fc.boolean() };
  const hasRanges = type === "number" || type === "string";
  const ranges = hasRanges ? { $gt: value, $gte: value, $lt: value, $lte: value } : {};
  return fc.oneof(value, someOf({ ...shared, ...ranges }));
}
const anyFilter = fc.letrec<{ filter: unknown; leaf: unknown; node: unknown }>((tie) => ({
  leaf: someOf(Object.fromEntries(Object.entries(fields).map(([name, type]) => [name, anyCondition(type)]))),
  node: someOf({
    $and: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }),
    $or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }),
    $not: tie("filter"),
  }),
  filter: fc.oneof({ maxDepth: 3, withCrossShrink: true }, tie("leaf"), tie("node")),
})).filter;

describe("a filter", () => {
  it("lets the same documents pass by columns, by metadata and by definition", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMetadata, { minLength: 1, maxLength: 20 }),
        fc.array(anyFilter, { minLength: 1, maxLength: 5 }),
        async (metadata, filters) => {
          const documents = metadata.map((value, i) =>
            makeDocument(String.fromCharCode(97 + i), "", { metadata: value }),
          );
          const { reference, parts } = await writeSegment(documents, { dimensions: 4, fields });
          const index = readIndexPart(parts.get(reference.parts.index.sha256)!);
          for (const expression of filters) {
            const filter = parseFilter(expression, fields);
            const expected = metadata.map((value) => oracle(expression, value));
            const passing = filterColumns(filter, index);
            expect(metadata.map((_, i) => hasBit(passing, i))).toEqual(expected);
            expect(countBits(passing)).toBe(expected.filter(Boolean).length);
            expect(metadata.map((value) => matchesFilter(filter, value))).toEqual(expected);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("knows a number from its neighbours", async () => {
    const metadata = numbers.map((year) => ({ year }));
    const documents = metadata.map((value, i) =>
      makeDocument(String.fromCharCode(97 + i), "", { metadata: value }),
    );
    const { reference, parts } = await writeSegment(documents, { dimensions: 4, fields });
    const index = readIndexPart(parts.get(reference.parts.index.sha256)!);
    for (const operator of ["$eq", "$gt", "$gte", "$lt", "$lte"]) {
      for (const operand of numbers) {
        const expression = { year: { [operator]: operand } };
        const passing = filterColumns(parseFilter(expression, fields), index);
        expect(
          numbers.filter((_, i) => hasBit(passing, i)),
          JSON.stringify(expression),
        ).toEqual(numbers.filter((year) => oracle(expression, { year })));
      }
    }
  });

  it("without conditions lets everything pass", async () => {
    const documents = Array.from({ length: 11 }, (_, i) => makeDocument(`${i}`, ""));
    const { reference, parts } = await writeSegment(documents, { dimensions: 4, fields });
    const index = readIndexPart(parts.get(reference.parts.index.sha256)!);
    expect([...filterColumns(parseFilter({}, fields), index)]).toEqual([0xff, 0b111]);
    expect(matchesFilter(parseFilter({}, {}), {})).toBe(true);
  });

  it("does not see what objects inherit", () => {
    const declared = JSON.parse('{ "toString": "string" }');
    const filter = parseFilter({ toString: { $exists: false } }, declared);
    expect(matchesFilter(filter, {})).toBe(true);
    expect(() => parseFilter({ constructor: 1 }, fields)).toThrow(/a declared field/);
  });

  it("takes halves of characters for what UTF-8 makes of them, in columns and in metadata", async () => {
    const filter = parseFilter({ lang: "\ud800" }, fields);
    const documents = [makeDocument("a", "", { metadata: { lang: "\udfff" } })];
    const { reference, parts } = await writeSegment(documents, { dimensions: 4, fields });
    const index = readIndexPart(parts.get(reference.parts.index.sha256)!);
    expect(matchesFilter(filter, { lang: "\udfff" })).toBe(true);
    expect([...filterColumns(filter, index)]).toEqual([1]);
  });

  it("says so if a segment has no column of its field", async () => {
    const { reference, parts } = await writeSegment([makeDocument("a", "")], { dimensions: 4, fields: {} });
    const index = readIndexPart(parts.get(reference.parts.index.sha256)!);
    expect(() => filterColumns(parseFilter({ year: 1 }, fields), index)).toThrow(
      /column of number for field year/,
    );
  });
});

describe("a filter that cannot be", () => {
  const nested = (depth: number): unknown => (depth === 0 ? { year: 1 } : { $not: nested(depth - 1) });

  it.each<[unknown, string, RegExp]>([
    [null, "filter", /an object of fields/],
    [[], "filter", /an object of fields.*an array/],
    [{ month: 1 }, "filter.month", /declared field.*"month".*year, lang/],
    [{ $and: [{ year: 1 }, { year: { $gte: "2020" } }] }, "filter.$and[1].year.$gte", /a number.*"2020"/],
    [{ year: "x" }, "filter.year", /a number for a field of type number/],
    [{ year: Number.NaN }, "filter.year", /a number/],
    [{ lang: null }, "filter.lang", /\$exists: false/],
    [
      { open: { $gt: true } },
      "filter.open.$gt",
      /\$eq, \$ne, \$in, \$nin or \$exists for a field of type boolean/,
    ],
    [{ tags: { $lt: "a" } }, "filter.tags.$lt", /type string\[\]/],
    [{ tags: ["a"] }, "filter.tags", /a string for a field of type string\[\] .*got an array/],
    [{ lang: { $in: [] } }, "filter.lang.$in", /1 to 256 values .*got 0/],
    [{ lang: { $nin: ["a", 1] } }, "filter.lang.$nin[1]", /a string/],
    [{ lang: { $in: "a" } }, "filter.lang.$in", /an array/],
    [{ lang: { $in: Array(maxFilterConditions + 1).fill("a") } }, "filter.lang.$in", /1 to 256/],
    [{ lang: { $regex: "a" } }, "filter.lang.$regex", /one of \$eq, .*\$exists.*\$regex/],
    [{ lang: {} }, "filter.lang", /a value or one of/],
    [{ lang: { $exists: 1 } }, "filter.lang.$exists", /true or false/],
    [{ $nor: [] }, "filter.$nor", /one of \$and, \$or, \$not or a field/],
    [{ $eq: 1 }, "filter.$eq", /under the name of their field/],
    [{ $or: { year: 1 } }, "filter.$or", /an array of filters/],
    [{ $or: [] }, "filter.$or", /at least one filter/],
    [{ $or: [{}] }, "filter.$or[0]", /at least one condition/],
    [{ $not: [] }, "filter.$not", /an object of fields/],
    [nested(maxFilterDepth + 1), `filter${".$not".repeat(maxFilterDepth + 1)}`, /at most 8 levels/],
    [
      { $or: Array(maxFilterConditions + 1).fill({ year: 1 }) },
      `filter.$or[${maxFilterConditions}].year`,
      /at most 256 conditions/,
    ],
  ])("%j is refused at %s", (expression, param, message) => {
    const parse = (): unknown => parseFilter(expression, fields);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code: "invalid_request", param }));
  });

  it("is refused whatever it is, and nothing else goes wrong", () => {
    expect(parseFilter(nested(maxFilterDepth), fields)).toBeDefined();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.object({ key: fc.constantFrom("$and", "year", "$not", "tags", "$in", "__proto__") }),
        ),
        (value) => {
          try {
            matchesFilter(parseFilter(value, fields), {});
          } catch (error) {
            expect(NearvecError.isInstance(error) && error.code).toBe("invalid_request");
          }
        },
      ),
    );
  });
});
