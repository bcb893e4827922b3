/** `npm run bench -- <suite> [--part <part>] [--json]`: runs one suite of bench/suites and prints its table. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { formatTable, type SuiteModule } from "./suite.ts";

const suites: Record<string, readonly [about: string, load: () => Promise<SuiteModule>]> = {
  embed: [
    "microseconds per text in workerd, beside plain JavaScript and the teacher",
    () => import("./suites/embed.ts"),
  ],
  cold: ["how long an isolate takes from nothing to its first embedding", () => import("./suites/cold.ts")],
  http: [
    "requests per second on a socket, beside the worker's greeting and plain Hono",
    () => import("./suites/http.ts"),
  ],
  distill: ["seconds of the whole command `nearvec distill`", () => import("./suites/distill.ts")],
  quality: ["how good the models are, on data that they never saw", () => import("./suites/quality.ts")],
  refine: ["seconds of the whole command `nearvec refine`", () => import("./suites/refine.ts")],
  search: ["how fast a resident index answers, and how well it ranks", () => import("./suites/search.ts")],
  "search-request": [
    "what a search costs from its request to its answer",
    () => import("./suites/search-request.ts"),
  ],
  "search-writes": [
    "documents that a collection takes in a second",
    () => import("./suites/search-writes.ts"),
  ],
  "search-faults": ["what killing a collection's runtime costs", () => import("./suites/search-faults.ts")],
};

const width = Math.max(...Object.keys(suites).map((name) => name.length));
const help = `Usage: npm run bench -- <suite> [--part <part>] [--json]

Suites:
${Object.entries(suites)
  .map(([name, [about]]) => `  ${name.padEnd(width)}  ${about}`)
  .join("\n")}

Flags:
  --part <part>  only this part of a suite that has several; a wrong one is told which there are
  --json         the keys as one line of JSON below the table
  --help         this
`;

function refuse(message: string): never {
  process.stderr.write(`${message} \`npm run bench -- --help\` lists them.\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        part: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    // Its first sentence says what it got; the others are about file names that begin with a dash.
    const [got] = (error as Error).message.split(". ");
    return refuse(`Expected the flags --part <part>, --json or --help; got: ${got}.`);
  }
}

const { values, positionals } = readArguments();
if (values.help === true) {
  process.stdout.write(help);
  process.exit(0);
}
const [name = "", ...others] = positionals;
const suite = suites[name];
if (suite === undefined || others.length > 0) {
  refuse(
    `Expected the name of one suite, got ${positionals.length === 0 ? "none" : `"${positionals.join(" ")}"`}.`,
  );
}
const { run, parts = {} } = await suite[1]();
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
