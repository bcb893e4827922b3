/** `nearvec` itself: which version it is, and what a slip of the fingers gets. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const bundledFile = new URL("../../models/nano.safetensors", import.meta.url);
const packageJson = new URL("../../package.json", import.meta.url);

async function run(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const done = promisify(execFile)(process.execPath, [nearvec, ...args]);
  return done.then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }) => ({ stdout, stderr, code }),
  );
}

test("--version prints the package's", async () => {
  const { version } = JSON.parse(await readFile(packageJson, "utf8"));
  expect(await run("--version")).toEqual({ stdout: `${version}\n`, stderr: "", code: 0 });
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
])("%s is said in one line, with the help that helps", async (_, args, message) => {
  const { stdout, stderr, code } = await run(...args);
  expect({ stdout, code }).toEqual({ stdout: "", code: 1 });
  expect(stderr).toMatch(message);
  expect(stderr.split("\n")).toHaveLength(2);
});

test("nearvec upload refuses the bundled model's name before it looks for a bucket", async () => {
  const { stderr, code } = await run(
    "upload",
    fileURLToPath(bundledFile),
    "--local",
    "--endpoint",
    "http://127.0.0.1:9",
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/^nearvec: Expected a name other than nano.*--name\.\n$/);
});
