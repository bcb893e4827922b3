import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory, tinyTeacher } from "./tiny-teacher.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const slowWriter = fileURLToPath(new URL("slow-writer.ts", import.meta.url));

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "close"),
  ]);
  return { exitCode: child.exitCode ?? -1, stdout, stderr };
}

function distill(...options: string[]): Promise<Outcome> {
  return outcomeOf(spawn(process.execPath, [nearvec, "distill", ...options]));
}

test("nearvec distill writes a model file that embeds text, and says what it did", async () => {
  const directory = await temporaryDirectory();
  const output = join(directory, "tiny.safetensors");
  const { exitCode, stdout } = await distill(tinyTeacher, "-o", output, "--dims", "4", "--name", "tiny");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^tiny: 35 rows x 4 dims, int8, \d+\.\d MiB\n/);
  expect(stdout).toMatch(/explained variance {2}\d+\.\d%\n/);
  const model = await StaticModel.load(await readFile(output));
  expect(model.metadata.name).toBe("tiny");
  expect(model.encode("the horse").length).toBe(4);
  expect(await readdir(directory)).toEqual(["tiny.safetensors"]);
});

test("--json prints one object, and --save-tokenizer the tokenizer's file", async () => {
  const directory = await temporaryDirectory();
  const output = join(directory, "tiny.safetensors");
  const tokenizer = join(directory, "tokenizer.json");
  const options = [
    "--dims",
    "0.9",
    "--rows",
    "float32",
    "--sif",
    "none",
    "--save-tokenizer",
    tokenizer,
    "--json",
  ];
  const { stdout } = await distill(tinyTeacher, "-o", output, ...options);
  expect(stdout.trim().split("\n")).toHaveLength(1);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({
    file: output,
    rows: 35,
    rowType: "float32",
    bytes: (await readFile(output)).length,
  });
  expect(summary.explainedVariance).toBeGreaterThan(0.9);
  expect(summary.dimensions).toBeLessThan(8);
  expect(JSON.parse(await readFile(tokenizer, "utf8")).added_tokens).toHaveLength(2);
});

test("--vocabulary-quantization lets tokens share rows, and says so", async () => {
  const output = join(await temporaryDirectory(), "tiny.safetensors");
  const options = ["--dims", "4", "--vocabulary-quantization", "9", "--seed", "3"];
  const { stdout } = await distill(tinyTeacher, "-o", output, ...options);
  expect(stdout).toMatch(/^tiny-teacher-4: 9 rows for 35 tokens x 4 dims, int8/);
  expect((await StaticModel.load(await readFile(output))).metadata).toMatchObject({
    mapped: true,
    provenance: { vocabulary_quantization: "9 clusters, seed 3" },
  });
});

describe("what goes wrong is said in one line, and leaves what was there", () => {
  test.each<[string, string[], RegExp, number?]>([
    ["more dimensions than the teacher's", [tinyTeacher, "--dims", "9"], /at most the teacher's 8, got 9/],
    [
      "dimensions that are no number",
      [tinyTeacher, "--dims", "many"],
      /Expected a number, "auto" or "none"/,
      2,
    ],
    [
      "more clusters than tokens",
      [tinyTeacher, "--vocabulary-quantization", "36"],
      /1 to 35 clusters.*got 36/,
    ],
    [
      "fewer clusters than dimensions",
      [tinyTeacher, "--vocabulary-quantization", "4", "--dims", "4"],
      /fewer than the 4 rows that are left/,
    ],
    ["a teacher that is not there", ["no-teacher"], /^nearvec: Expected a directory/],
  ])("%s", async (_, options, message, code = 1) => {
    const directory = await temporaryDirectory();
    const output = join(directory, "model.safetensors");
    await writeFile(output, "the old model");
    const { exitCode, stderr, stdout } = await distill(...options, "-o", output);
    expect(exitCode).toBe(code);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(directory)).toEqual(["model.safetensors"]);
    expect(await readFile(output, "utf8")).toBe("the old model");
  });

  test("a directory to write to that is not there", async () => {
    const { exitCode, stderr } = await distill(tinyTeacher, "-o", "no-directory/model.safetensors");
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "nearvec: Expected a directory for no-directory/model.safetensors, no-directory is not there. Create it first.\n",
    );
  });
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s in the middle of writing leaves the old file and no other",
  async (signal) => {
    const directory = await temporaryDirectory();
    const output = join(directory, "model.safetensors");
    await writeFile(output, "the old model");
    const child = spawn(process.execPath, [slowWriter, output]);
    await once(child.stdout, "data");
    expect(await readdir(directory)).toHaveLength(2);
    child.kill(signal);
    await once(child, "close");
    expect(child.signalCode).toBe(signal);
    expect(await readdir(directory)).toEqual(["model.safetensors"]);
    expect(await readFile(output, "utf8")).toBe("the old model");
  },
);
