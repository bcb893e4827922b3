/** How long the client waits before it tries again. */
import { afterEach, expect, test, vi } from "vitest";
import { retryDelay } from "../../client/http/retry-delay.ts";

afterEach(() => void vi.useRealTimers());

test("doubles up to eight seconds, spread over the upper half", () => {
  const spread = (retry: number) => [retryDelay(retry, null, 0), retryDelay(retry, null, 1)];
  expect([0, 1, 2, 3, 4, 5, 60].map(spread)).toEqual([
    [250, 500],
    [500, 1000],
    [1000, 2000],
    [2000, 4000],
    [4000, 8000],
    [4000, 8000],
    [4000, 8000],
  ]);
});

test("is what the server asks for, and a little more by chance", () => {
  expect([retryDelay(0, "3", 0), retryDelay(5, "3", 1), retryDelay(0, " 0.5 ", 0)]).toEqual([
    3000, 3500, 500,
  ]);
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  expect(retryDelay(0, "Thu, 01 Jan 2026 00:00:07 GMT", 0)).toBe(7000);
  expect(retryDelay(0, "Thu, 01 Jan 2025 00:00:00 GMT", 0)).toBe(0);
});

test("is its own where the header cannot be understood", () => {
  for (const header of ["soon", "", "1e"]) expect(retryDelay(0, header, 1)).toBe(500);
});

test("is none where the server asks for more than a minute", () => {
  expect([retryDelay(0, "60", 0), retryDelay(0, "61", 0)]).toEqual([60_000, null]);
});
