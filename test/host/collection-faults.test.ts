/** A runtime that is killed at random moments of 10,000 writes loses none that it acknowledged, and doubles none. */
import { expect, test } from "vitest";
import { killLoop } from "../../bench/kill-loop.ts";

test("every acknowledged write is there after kill -9, once, in the object and in KV", async () => {
  const seed = Date.now() % 1_000_000;
  const { writes, lost, duplicated, kills } = await killLoop({ documents: 10_000, kills: 6, seed });
  expect({ seed, lost, duplicated, kills }).toEqual({ seed, lost: 0, duplicated: 0, kills: 6 });
  expect(writes).toBeGreaterThanOrEqual(10_000);
}, 180_000);
