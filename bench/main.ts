/** `npm run bench -- <suite> [--part <part>] [--json]`: runs one suite of bench/suites and prints its table. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { formatTable, type SuiteModule } from "./suite.ts";

const suites: Record<string, () => Promise<SuiteModule>> = {
  embed: () => import("./suites/embed.ts"),
  cold: () => import("./suites/cold.ts"),
  http: () => import("./suites/http.ts"),
  distill: () => import("./suites/distill.ts"),
  quality: () => import("./suites/quality.ts"),
  refine: () => import("./suites/refine.ts"),
  search: () => import("./suites/search.ts"),
  "search-request": () => import("./suites/search-request.ts"),
  "search-writes": () => import("./suites/search-writes.ts"),
  "search-faults": () => import("./suites/search-faults.ts"),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, part: { type: "string" } },
});
const name = positionals[0] ?? "";
const load = suites[name];
if (load === undefined) {
  process.stderr.write(
    `Usage: npm run bench -- <suite> [--part <part>] [--json]\nSuites: ${Object.keys(suites).join(", ")}; got "${name}"\n`,
  );
  process.exit(2);
}

const { run, parts = {} } = await load();
const measure = values.part === undefined ? run : parts[values.part];
if (measure === undefined) {
  process.stderr.write(
    `Expected --part to be ${Object.keys(parts).join(", ") || `left out: ${name} has none`}; got "${values.part}"\n`,
  );
  process.exit(2);
}
const result = await measure((line) => process.stderr.write(`${line}\n`));
process.stdout.write(`\n${formatTable(result.columns, result.rows)}\n\n`);
for (const note of result.notes) process.stdout.write(`${note}\n`);
process.stdout.write(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.version}\n`,
);
if (values.json) process.stdout.write(`${JSON.stringify({ suite: name, ...result.summary })}\n`);
