import { expect, test } from "vitest";
import { RequestIds } from "../../worker/request-id.ts";

test("names all requests apart, each with 32 hexadecimal digits", () => {
  const isolates = [new RequestIds(), new RequestIds(), new RequestIds()];
  const names = isolates.flatMap((ids) => Array.from({ length: 10_000 }, () => ids.next()));
  expect(new Set(names).size).toBe(30_000);
  expect(names.filter((name) => !/^req_[0-9a-f]{32}$/.test(name))).toEqual([]);
});

test("draws anew when its numbers run out", () => {
  const ids = new RequestIds(3);
  const names = Array.from({ length: 7 }, () => ids.next());
  expect(new Set(names).size).toBe(7);
  const prefixes = names.map((name) => name.slice(0, -8));
  expect(new Set(prefixes.slice(0, 3)).size).toBe(1);
  expect(new Set(prefixes).size).toBe(3);
});

test("has numbers of one length, to the last", () => {
  expect((0x1000_0000 + 0x3000_0000 - 1).toString(16)).toHaveLength(8);
});
