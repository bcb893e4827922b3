/** What becomes of a key's record, and how spans of time and grants are read. */
import { describe, expect, test } from "vitest";
import { newKey, rotated } from "../../distill-job/keys/key-changes.ts";
import { keyIdOf } from "../../distill-job/keys/key-records.ts";
import { keyTable } from "../../distill-job/keys/key-table.ts";
import { parseEnd, parseTimeSpan } from "../../distill-job/keys/time-span.ts";
import { apiKeySha256, readApiKey } from "../../shared/access/api-key.ts";
import { isCollectionGrant, keyRecordSchema, readKeyRecord } from "../../shared/access/key-record.ts";
import { missingScope, reachesCollection } from "../../shared/access/scope.ts";

const hour = 3_600_000;
const start = new Date("2030-01-01T00:00:00.000Z");
const later = (hours: number) => new Date(start.getTime() + hours * hour);
const wish = { name: "site", scopes: ["read" as const], collections: null, expires: null };

describe("a rotation", () => {
  test("leaves the secrets before it until the overlap ends, and none longer than it was to go on", async () => {
    const first = await newKey("aaaaaaaa", wish, start);
    const second = await rotated(first.record, 24 * hour, later(1));
    const third = await rotated(second.record, 48 * hour, later(2));
    expect(third.record.secrets).toEqual([
      { sha256: await apiKeySha256(third.key), created: later(2).toISOString(), expires: null },
      {
        sha256: await apiKeySha256(second.key),
        created: later(1).toISOString(),
        expires: later(50).toISOString(),
      },
      {
        sha256: await apiKeySha256(first.key),
        created: start.toISOString(),
        expires: later(25).toISOString(),
      },
    ]);
    expect(keyRecordSchema.parse(third.record)).toEqual(third.record);
    for (const { key } of [first, second, third]) expect(readApiKey(key)).toEqual({ id: "aaaaaaaa" });
    const { secrets } = (await rotated(third.record, 48 * hour, later(26))).record;
    expect(secrets).toHaveLength(3);
    expect((await rotated(third.record, 0, later(3))).record.secrets).toHaveLength(1);
  });

  test("is refused while three older secrets go on, and for a key that is over", async () => {
    let { record } = await newKey("aaaaaaaa", wish, start);
    for (let i = 0; i < 3; i++) ({ record } = await rotated(record, 24 * hour, later(i)));
    await expect(rotated(record, 24 * hour, later(4))).rejects.toThrow(/at most 3 secrets .* --overlap 0/);
    const over = { ...record, expires: later(5).toISOString() };
    await expect(rotated(over, 0, later(5))).rejects.toThrow(/expired on 2030-01-01T05/);
  });
});

test("a table of keys shows what they are for and until when, and nothing secret", async () => {
  const { record, key } = await newKey("aaaaaaaa", { ...wish, expires: later(1).toISOString() }, start);
  const second = await rotated(record, 24 * hour, start);
  const table = keyTable([second.record], later(2).getTime());
  expect(table).toMatch(
    /^ID .*\naaaaaaaa {2}site {2}read {4}all {10}2030-01-01 {2}2030-01-01 \(over\) {2}old secret until 2030-01-02 00:00 UTC$/,
  );
  expect(table).not.toContain(record.secrets[0]!.sha256);
  expect(table).not.toContain(key.slice(12));
});

test.each([
  ["0", 0],
  ["30m", 0.5 * hour],
  ["12h", 12 * hour],
  ["90d", 90 * 24 * hour],
  ["2w", 14 * 24 * hour],
])("%s is a span of time", (text, milliseconds) => {
  expect(parseTimeSpan(text)).toBe(milliseconds);
});

test.each(["", "5", "-1h", "1.5h", "1y", "h", "1 h", "999999d"])("%j is none", (text) => {
  expect(() => parseTimeSpan(text)).toThrow(/such as 30m/);
});

test.each([
  ["2030-01-31", "2030-01-31T23:59:59.000Z"],
  ["2d", "2030-01-03T00:00:00.000Z"],
])("%s is a time to end at", (text, end) => {
  expect(parseEnd(text, start.getTime())).toBe(end);
});

test.each([
  ["2030-02-30", /a date that there is/],
  ["2030-13-01", /a date that there is/],
  ["2029-12-30", /a time to come/],
  ["0", /a time to come/],
  ["soon", /a span such as 90d or 12h, or a date/],
])("%s is none", (text, message) => {
  expect(() => parseEnd(text, start.getTime())).toThrow(message);
});

test.each([
  ["docs", true],
  ["team-*", true],
  ["A.b_c-1", true],
  ["*", false],
  ["a*b", false],
  ["-a", false],
  ["a b", false],
  ["a".repeat(65), false],
])("%s can be granted: %s", (text, can) => {
  expect(isCollectionGrant(text)).toBe(can);
});

test("grants reach the collections they name, and admin has every scope", () => {
  const grant = { scopes: ["embed" as const], collections: ["docs", "team-*"] };
  expect(
    ["docs", "team-", "team-a", "docs2", "Docs", "tea"].map((name) => reachesCollection(grant, name)),
  ).toEqual([true, true, true, false, false, false]);
  expect(missingScope(grant, ["embed", "read"])).toBe("read");
  expect(missingScope({ scopes: ["admin"], collections: null }, ["embed", "read", "write"])).toBeUndefined();
});

test("an id is read from all that a user may paste, and never repeated if it is none", () => {
  for (const text of ["k3x9q2ab", "nv_k3x9q2ab", "nv_k3x9q2ab_"]) expect(keyIdOf(text)).toBe("k3x9q2ab");
  expect(() => keyIdOf(`nv_k3x9q2ab_${"s".repeat(49)}`)).toThrow(/cut or mistyped/);
  expect(() => keyIdOf("sk-topsecret")).toThrow(/^(?!.*topsecret).*12 characters/);
});

test("a record is read only as what it is", async () => {
  const { record } = await newKey("aaaaaaaa", wish, start);
  expect(readKeyRecord("aaaaaaaa", JSON.stringify(record))).toEqual(record);
  for (const text of ["", "null", "[]", "{", JSON.stringify({ ...record, version: 2 })]) {
    expect(readKeyRecord("aaaaaaaa", text)).toBeUndefined();
  }
  expect(readKeyRecord("bbbbbbbb", JSON.stringify(record))).toBeUndefined();
});
