/** How far a thing has got, as a terminal and a log are told. */
import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progressBar } from "../../distill-job/output/progress-bar.ts";

/** What goes to a stream that is a terminal or not. */
function output(isTTY: boolean): { out: WriteStream; written: () => string } {
  const out = Object.assign(new PassThrough(), { isTTY, columns: 200 });
  return { out: out as unknown as WriteStream, written: () => String(out.read() ?? "") };
}

const describeTokens = (done: number, total: number): string => `${done} of ${total} tokens`;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("a log gets a line every ten seconds, with the time that is left", () => {
  const { out, written } = output(false);
  const bar = progressBar(out, "teacher", describeTokens);
  bar.update(0, 100);
  vi.advanceTimersByTime(9_000);
  bar.update(40, 100);
  expect(written()).toBe("");
  vi.advanceTimersByTime(1_000);
  bar.update(50, 100);
  bar.update(51, 100);
  expect(written()).toBe("teacher: 50 of 100 tokens, 10 s left\n");
});

test("what ends begins anew, with its own time", () => {
  const { out, written } = output(false);
  const bar = progressBar(out, "teacher", describeTokens);
  bar.update(0, 10);
  bar.update(10, 10);
  vi.advanceTimersByTime(60_000);
  bar.update(0, 40);
  vi.advanceTimersByTime(10_000);
  bar.update(20, 40);
  expect(written()).toBe("teacher: 20 of 40 tokens, 10 s left\n");
});

test("a terminal gets a bar, and is left as it was: at the end, or when it is stopped", () => {
  const listeners = process.listenerCount("SIGINT");
  const { out, written } = output(true);
  const bar = progressBar(out, "teacher", describeTokens);
  for (const end of [() => bar.update(100, 100), () => bar.stop()]) {
    bar.update(0, 100);
    expect(process.listenerCount("SIGINT")).toBe(listeners + 1);
    vi.advanceTimersByTime(1_000);
    bar.update(50, 100);
    end();
    expect(process.listenerCount("SIGINT")).toBe(listeners);
    const text = written();
    expect(text).toContain("teacher");
    // Line wrapping is off while the bar moves, and on again when it is gone.
    expect(text.lastIndexOf("\u001b[?7h")).toBeGreaterThan(text.lastIndexOf("\u001b[?7l"));
  }
});
