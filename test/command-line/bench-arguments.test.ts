/** `npm run bench`: what it says of its arguments. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("../../bench/main.ts", import.meta.url));

function bench(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: "utf8" });
  return { status, stdout, stderr };
}

test("--help has a line for every suite, and the flags", () => {
  const { status, stdout } = bench("--help");
  expect(status).toBe(0);
  const suites = readdirSync(new URL("../../bench/suites", import.meta.url));
  for (const file of suites) expect(stdout).toMatch(new RegExp(`^ {2}${file.replace(".ts", "")} +\\w`, "m"));
  for (const flag of ["--part", "--json", "--help"]) expect(stdout).toContain(flag);
});

test.each([
  [["http", "--jsn"], /Unknown option '--jsn'/],
  [["http", "--part"], /--part <value>/],
  [["htpp"], /got "htpp"/],
  [[], /got none/],
  [["http", "embed"], /got "http embed"/],
  [["http", "--part", "first"], /http has none; got "first"/],
])("%j is refused with what was expected, and no stack trace", (words, got) => {
  const { status, stdout, stderr } = bench(...words);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(/^Expected /);
  expect(stderr).toMatch(got);
  expect(stderr).not.toMatch(/^ +at /m);
});
