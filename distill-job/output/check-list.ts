/** The doctor's findings for a person's eyes: a line for each, and below it what to do. */
import { styleText } from "node:util";
import type { Check } from "../doctor/check.ts";
import { boldText } from "./bold-text.ts";

const marks = {
  ok: styleText("green", "ok  "),
  warn: styleText("yellow", "warn"),
  fail: boldText("red", "fail"),
  skip: styleText("dim", "-   "),
} as const;

export function checkList(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, status, message, fix }) => {
    const line = `${marks[status]}  ${name.padEnd(width)}  ${status === "skip" ? styleText("dim", message) : message}`;
    return fix === null ? `${line}\n` : `${line}\n${" ".repeat(width + 8)}-> ${fix}\n`;
  });
  const count = (status: Check["status"]): number => checks.filter((check) => check.status === status).length;
  const [failed, warned] = [count("fail"), count("warn")];
  const verdict =
    failed > 0
      ? `${failed} to fix${warned > 0 ? `, ${warned} to look at` : ""}.`
      : warned > 0
        ? `Nothing is broken; ${warned} to look at.`
        : "All is well.";
  return `${lines.join("")}\n${verdict}\n`;
}
