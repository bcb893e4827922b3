import { expect, test } from "vitest";
import { IsolateMemory, type Occupant } from "../../worker/isolate-memory.ts";

function admit(memory: IsolateMemory, key: string, byteLength: number): Occupant {
  const reservation = memory.reserve(key, byteLength, "replaced");
  if (typeof reservation === "string") throw new Error(`Expected room for ${key}, got ${reservation}.`);
  const occupant = { key, byteLength };
  memory.admit(occupant, reservation);
  return occupant;
}

const keysOf = (memory: IsolateMemory) => memory.list().map(({ key }) => key);

test("keeps its occupants in the order of their last use, however often each is used", () => {
  const memory = new IsolateMemory(100);
  for (const key of ["a", "b", "c"]) admit(memory, key, 30);
  const uses: [string, string[]][] = [
    ["c", ["a", "b", "c"]],
    ["a", ["b", "c", "a"]],
    ["a", ["b", "c", "a"]],
    ["b", ["c", "a", "b"]],
    ["a", ["c", "b", "a"]],
  ];
  for (const [used, order] of uses) {
    expect(memory.use(used)?.key).toBe(used);
    expect(keysOf(memory)).toEqual(order);
  }
  expect(memory.use("d")).toBeUndefined();
});

test("lets go of the least recently used, and of the last one if it must", () => {
  const memory = new IsolateMemory(100);
  for (const key of ["a", "b", "c"]) admit(memory, key, 30);
  memory.use("a");
  admit(memory, "d", 30);
  expect(keysOf(memory)).toEqual(["c", "a", "d"]);
  admit(memory, "e", 100);
  expect(keysOf(memory)).toEqual(["e"]);
});

test("finds the newer of two with one key, and none that was evicted", () => {
  const memory = new IsolateMemory(100);
  admit(memory, "a", 30);
  memory.use("a");
  const newer = admit(memory, "a", 40);
  expect(memory.use("a")).toBe(newer);
  memory.evict("a");
  expect(memory.use("a")).toBeUndefined();
  const again = admit(memory, "a", 10);
  admit(memory, "b", 10);
  expect(memory.use("a")).toBe(again);
  expect(keysOf(memory)).toEqual(["b", "a"]);
});
