/** What is taken without asking zod is what zod takes: of every route's schema, with bodies right and wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { acceptQuickly } from "../../shared/api/quick-acceptance.ts";
import { describedRoutes } from "../../worker/api-description/operations.ts";
import { createApp } from "../../worker/app.ts";

const routes = describedRoutes(createApp()).flatMap(({ method, path, operation }) =>
  operation.request instanceof z.ZodType
    ? [{ route: `${method} ${path}`, schema: operation.request, example: operation.example as object }]
    : [],
);

/** Values that some field takes, or nearly. */
const value = fc.oneof(
  fc.constantFrom("float", "base64", "int8", "end", "Right", "NONE", "tiny", "", "hello"),
  fc.constantFrom<unknown>(null, undefined, true, false, [], {}, "\0", [""], [[]], [null]),
  fc.oneof(fc.integer({ min: -2, max: 20_000 }), fc.double()),
  fc.array(fc.oneof(fc.string(), fc.nat(9)), { maxLength: 3 }),
  fc.array(fc.array(fc.nat(9), { maxLength: 2 }), { maxLength: 2 }),
  fc.jsonValue({ maxDepth: 2 }),
);

describe.each(routes)("$route", ({ schema, example }) => {
  const names = [
    ...new Set([
      ...Object.keys(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }).properties ?? {}),
      "user",
    ]),
  ];

  test("is taken as zod takes it, or left to zod", () => {
    const fields = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 });
    fc.assert(
      fc.property(fields, fc.boolean(), (some, complete) => {
        const body = complete ? { ...example, ...some } : some;
        const taken = acceptQuickly(schema, body);
        if (taken !== undefined) expect({ success: true, data: taken }).toEqual(schema.safeParse(body));
      }),
      { numRuns: 500 },
    );
  });
});

test.each(["/v1/embeddings", "/embed", "/embed_all", "/v1/similarity"])(
  "POST %s has its example taken quickly, and no mistake",
  (path) => {
    const { schema, example } = routes.find(({ route }) => route === `POST ${path}`)!;
    expect(acceptQuickly(schema, example)).toEqual(example);
    const [input] = Object.keys(example);
    expect(acceptQuickly(schema, { ...example, [input!]: "" })).toBeUndefined();
  },
);

test("what has an opinion on absence, changes a value, or is checked as a whole, is left to zod", () => {
  const text = z.string();
  for (const [schema, body] of [
    [z.object({ a: text.default("x") }), {}],
    [z.object({ a: text.default("x").optional() }), {}],
    [z.object({ a: z.preprocess((sent) => sent ?? "x", text) }), {}],
    [z.object({ a: text.trim() }), { a: " x " }],
    [z.object({ a: z.coerce.number() }), { a: 1 }],
    [z.object({ a: text.optional() }).refine(({ a }) => a !== undefined), {}],
    [z.strictObject({ a: text }), { a: "x", b: 1 }],
    [z.object({ a: text.refine(async () => true) }), { a: "x" }],
    [z.object({ a: z.custom(Array.isArray) }), { a: 1 }],
    [z.object({ a: z.int() }), { a: 1.5 }],
  ] as const) {
    expect(acceptQuickly(schema as z.ZodType, body)).toBeUndefined();
  }
});
