/** `nearvec quantize`: another way of storing the same rows, readable again, and nothing half-written. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { tinyModel } from "../support/tiny-model.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [nearvec, "quantize", ...args]);
const text = "a horse in the rain!";

let folder: string;
let source: string;
let original: StaticModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nearvec-quantize-"));
  source = join(folder, "source.safetensors");
  const file = tinyModel({ rowType: "float32", dimensions: 64, maxLength: 77 });
  await writeFile(source, file);
  original = await StaticModel.load(file);
});
afterAll(() => rm(folder, { recursive: true }));

const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe("nearvec quantize", () => {
  it.each([
    ["int8", 0.9999],
    ["int4", 0.98],
    ["int2", 0.9],
    ["int1", 0.7],
  ] as const)("stores rows as %s", async (rows, least) => {
    const output = join(folder, `${rows}.safetensors`);
    const { stdout } = await run(source, "-o", output, "--rows", rows, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ rows, rotated: false });
    const model = await StaticModel.load(await readFile(output));
    expect(model.metadata).toMatchObject({
      ...original.metadata,
      rowType: rows,
      provenance: { ...original.metadata.provenance, quantized_from: "float32" },
    });
    expect(cosine(model.encode(text), original.encode(text))).toBeGreaterThan(least);
  });

  it("rotates, renames and changes the pooling", async () => {
    const output = join(folder, "nano.safetensors");
    await run(source, "-o", output, "--rows", "int1", "--rotate", "--name", "nano", "--pooling", "distinct");
    const { metadata } = await StaticModel.load(await readFile(output));
    expect(metadata).toMatchObject({ name: "nano", rotated: true, pooling: "distinct", poolingWindow: 32 });
  });

  it.each([
    [
      "a file that is not there",
      ["missing.safetensors", "-o", "x.safetensors", "--rows", "int8"],
      "missing.safetensors",
    ],
    ["a type that there is not", ["x", "-o", "y", "--rows", "int3"], "int3"],
  ])("refuses %s in one line", async (_, args, named) => {
    const failure = await run(...args).catch((error: { stderr: string; code: number }) => error);
    expect(failure).toMatchObject({ code: 1 });
    expect(failure.stderr.trim().split("\n").length).toBe(1);
    expect(failure.stderr).toContain(named);
  });
});
