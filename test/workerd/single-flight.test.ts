/** One piece of work for all who wait, also when the request that began it is gone. */
import { expect, test, vi } from "vitest";
import { SingleFlight } from "../../worker/single-flight.ts";

const noWait = () => {};
const never = () => new Promise<string>(() => {});

test("all who ask while it runs get its one result", async () => {
  const flights = new SingleFlight<number>(10);
  const work = vi.fn(async () => 7);
  const results = await Promise.all([1, 2, 3].map(() => flights.run("a", work, noWait)));
  expect(results).toEqual([7, 7, 7]);
  expect(work).toHaveBeenCalledTimes(1);
});

test("all who ask while it runs get its one error, and the next to ask starts anew", async () => {
  const flights = new SingleFlight<number>(10);
  const fail = () => Promise.reject(new Error("no"));
  const outcomes = await Promise.allSettled([1, 2].map(() => flights.run("a", fail, noWait)));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await flights.run("a", async () => 8, noWait)).toBe(8);
});

test("different keys do not wait for each other", async () => {
  const flights = new SingleFlight<string>(10);
  void flights.run("a", never, noWait);
  expect(await flights.run("b", async () => "done", noWait)).toBe("done");
});

test("the work is kept alive by the request that began it, and by no other", async () => {
  const flights = new SingleFlight<number>(10);
  const first = vi.fn();
  const second = vi.fn();
  await Promise.all([flights.run("a", async () => 1, first), flights.run("a", async () => 1, second)]);
  expect(first).toHaveBeenCalledTimes(1);
  expect(second).not.toHaveBeenCalled();
  // A rejection there would be reported as an error of the isolate's.
  await expect(first.mock.calls[0]?.[0]).resolves.toBeUndefined();
});

test("work that no longer moves is started anew, once, for all who wait", async () => {
  const flights = new SingleFlight<string>(0.05);
  const work = vi
    .fn(never)
    .mockImplementationOnce(never)
    .mockImplementation(async () => "second attempt");
  const waiting = [1, 2, 3].map(() => flights.run("a", work, noWait));
  expect(await Promise.all(waiting)).toEqual(new Array(3).fill("second attempt"));
  expect(work).toHaveBeenCalledTimes(2);
});

test("work that moves is waited for, however long it takes", async () => {
  const flights = new SingleFlight<string>(0.05);
  const work = vi.fn(async (progress: () => void) => {
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      progress();
    }
    return "done";
  });
  expect(await flights.run("a", work, noWait)).toBe("done");
  expect(work).toHaveBeenCalledTimes(1);
});

test("work that stalls twice is storage_unavailable", async () => {
  const flights = new SingleFlight<string>(0.02);
  await expect(flights.run("a", never, noWait)).rejects.toMatchObject({ code: "storage_unavailable" });
});
