/** docs/limits.md is made of shared/limits.ts, so that it cannot say anything else. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as limits from "../../shared/limits.ts";

const heading = `# Limits

Everything that nearvec limits, as [shared/limits.ts](../shared/limits.ts) has it. What goes beyond one gets a 4xx that names the
field, the limit and what came, before the work that it bounds is done. To change one, change it there and deploy;
\`npx vitest run -u test/unit/limits-page.test.ts\` makes this page of it again.

| | limit | why |
|---|---|---|
`;

const mebibyte = 2 ** 20;

/** With its unit, which is the end of the name, where the number alone would be hard to read. */
function written(name: string, value: number): string {
  if (/Bytes/.test(name) && value >= 1024) {
    return value >= mebibyte ? `${rounded(value / mebibyte)} MiB` : `${rounded(value / 1024)} KiB`;
  }
  if (/Bytes/.test(name)) return `${value} bytes`;
  if (/Milliseconds$/.test(name)) return `${rounded(value)} ms`;
  if (/Seconds$/.test(name)) return `${rounded(value)} s`;
  return rounded(value);
}

const rounded = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 1 });

/** The constants in the order of the file, with what is said of each: one comment may stand for several. */
function described(source: string): { name: string; reason: string }[] {
  return [
    ...source.matchAll(/\/\*\*\s+((?:[^*]|\*(?!\/))+?)\s+\*\/\n((?:export const \w+ = [^;]+;\n)+)/g),
  ].flatMap(([, reason, code]) =>
    [...code!.matchAll(/export const (\w+)/g)].map(([, name]) => ({
      name: name!,
      // Over several lines, each begins with a star.
      reason: reason!.replaceAll(/^\s*\* ?|\n\s*\*(?= )/gm, "").replaceAll(/\s+/g, " "),
    })),
  );
}

test("docs/limits.md says what shared/limits.ts says", async () => {
  const source = await readFile(new URL("../../shared/limits.ts", import.meta.url), "utf8");
  const rows = described(source);
  const values = limits as Readonly<Record<string, number>>;
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(values).sort());
  const table = rows.map(
    ({ name, reason }) =>
      `| \`${name}\` | ${written(name, values[name]!)} | ${reason.replaceAll("|", "\\|")} |`,
  );
  await expect(`${heading}${table.join("\n")}\n`).toMatchFileSnapshot("../../docs/limits.md");
});
