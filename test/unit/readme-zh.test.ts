/** README.zh.md says of commands, numbers and pages what README.md says. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const english = await readFile(new URL("README.md", root), "utf8");
const chinese = await readFile(new URL("README.zh.md", root), "utf8");

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

test("its commands are those of README.md, but for the one that makes a Chinese model", () => {
  const blocks = /```(?:sh|json)\n(.*?)```/gs;
  const own = all(chinese, blocks).filter((block) => !block.includes("bge-small-zh"));
  expect(own.length).toBeGreaterThan(5);
  expect(own.filter((block) => !english.includes(block))).toEqual([]);
});

test("its measured numbers are those of README.md", () => {
  const rows = chinese.slice(chinese.indexOf("## 有多快"), chinese.indexOf("## 更多文档"));
  const numbers = all(rows, /\b(\d+(?:[.,]\d+)+)\b/g);
  expect(numbers.length).toBeGreaterThan(25);
  expect(numbers.filter((number) => !english.includes(number))).toEqual([]);
});

test("the pages that it names are there", () => {
  const pages = all(chinese, /\]\(([^)#:]+)\)/g);
  expect(pages.length).toBeGreaterThan(15);
  expect(pages.filter((page) => !existsSync(new URL(page, root)))).toEqual([]);
});
