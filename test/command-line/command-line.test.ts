/** `nearvec` itself: which version it is, what a slip of the fingers gets, what exit codes and `--json` say of errors. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { runNearvec } from "./run-nearvec.ts";

const bundledFile = fileURLToPath(new URL("../../models/nano.safetensors", import.meta.url));
const packageJson = new URL("../../package.json", import.meta.url);

test("--version prints the package's", async () => {
  const { version } = JSON.parse(await readFile(packageJson, "utf8"));
  expect(await runNearvec(["--version"])).toMatchObject({ stdout: `${version}\n`, stderr: "", code: 0 });
});

test("help is success, wherever it is asked for", async () => {
  for (const args of [["--help"], ["help"], ["embed", "--help"], ["help", "embed"]]) {
    const { stdout, stderr, code } = await runNearvec(args);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout).toMatch(args.includes("embed") ? /^Usage: nearvec embed / : /^Usage: nearvec /);
  }
});

test.each([
  [
    "an unknown command",
    ["distil"],
    "nearvec: unknown command 'distil' (Did you mean distill?). See `nearvec --help`.\n",
  ],
  [
    "an unknown option",
    ["dev", "--prot"],
    /^nearvec: unknown option '--prot' .*--port.* See `nearvec dev --help`\.\n$/,
  ],
  [
    "a missing argument",
    ["upload"],
    "nearvec: missing required argument 'file'. See `nearvec upload --help`.\n",
  ],
  [
    "a value that cannot be one",
    ["search", "docs", "horses", "--top-k", "many"],
    /'-k, --top-k <n>' .*whole number from 1 to 100.* See `nearvec search --help`/,
  ],
  ["a missing option", ["distill", "teacher"], /'-o, --output <file>' .* See `nearvec distill --help`/],
  ["options that belong together", ["evaluate", "--data", "eval"], /Expected --models or --teacher/],
  ["a query that is not there", ["search", "docs"], /Expected a query after the collection docs.*--file/],
  ["one text where two are compared", ["similarity", "horse"], /Expected 2 to 32 texts, got 1/],
])("%s is said in one line, with the help that helps, and exit code 2", async (_, args, message) => {
  const { stdout, stderr, code } = await runNearvec(args);
  expect({ stdout, code }).toEqual({ stdout: "", code: 2 });
  expect(stderr).toMatch(message);
  expect(stderr.split("\n")).toHaveLength(2);
});

describe("with --json, an error is one line of JSON on stderr", () => {
  test.each<[string, string[], number, object]>([
    ["a mistake in the arguments", ["embed", "--dims", "x"], 2, { code: "invalid_arguments", param: null }],
    ["an unknown option", ["pull", "a/b", "--prot"], 2, { code: "invalid_arguments", param: null }],
    ["a failure", ["embed", "x", "--model", "large"], 1, { code: "not_found", param: "model" }],
    ["a failure of an older command", ["upload", "missing.safetensors", "--local"], 1, { code: "not_found" }],
  ])("%s", async (_, args, code, error) => {
    const outcome = await runNearvec([...args, "--json"]);
    expect(outcome).toMatchObject({ stdout: "", code });
    const printed = JSON.parse(outcome.stderr);
    expect(printed).toMatchObject({ error });
    expect(Object.keys(printed.error)).toEqual(["code", "message", "param"]);
    expect(outcome.stderr.split("\n")).toHaveLength(2);
  });

  test("what is meant as a text asks for nothing", async () => {
    const { stdout, code } = await runNearvec(["embed", "--model", "nano", "--", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ index: 0 });
  });
});

test("nearvec upload refuses the bundled model's name before it looks for a bucket", async () => {
  const args = ["upload", bundledFile, "--local", "--endpoint", "http://127.0.0.1:9"];
  const { stderr, code } = await runNearvec(args);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^nearvec: Expected a name other than nano.*--name\.\n$/);
});
