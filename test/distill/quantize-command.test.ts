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

  it("lets tokens share rows, which are kept when they are stored anew", async () => {
    const shared = join(folder, "shared.safetensors");
    const clusters = ["--vocabulary-quantization", "9", "--json"];
    const { stdout } = await run(source, "-o", shared, "--rows", "float32", ...clusters);
    expect(JSON.parse(stdout)).toMatchObject({ rows: "float32", sharedRows: 9 });
    const model = await StaticModel.load(await readFile(shared));
    expect(model.metadata).toMatchObject({
      mapped: true,
      vocabularySize: 16,
      rows: 9,
      provenance: { vocabulary_quantization: "9 clusters, seed 42", quantized_from: "float32" },
    });
    expect(cosine(model.encode(text), original.encode(text))).toBeGreaterThan(0.5);

    const output = join(folder, "shared-int8.safetensors");
    await run(shared, "-o", output, "--rows", "int8");
    const again = await StaticModel.load(await readFile(output));
    expect(again.metadata).toMatchObject({ mapped: true, vocabularySize: 16, rows: 9, rowType: "int8" });
    expect(cosine(again.encode(text), model.encode(text))).toBeGreaterThan(0.9999);

    const twice = run(shared, "-o", output, "--rows", "int8", ...clusters);
    await expect(twice).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("share 9") });
  });

  it("keeps every vector where there are as many rows as tokens", async () => {
    const output = join(folder, "all.safetensors");
    await run(source, "-o", output, "--rows", "float32", "--vocabulary-quantization", "16");
    const model = await StaticModel.load(await readFile(output));
    expect(cosine(model.encode(text), original.encode(text))).toBeCloseTo(1, 5);
    expect(cosine(model.encode("rain"), original.encode("rain"))).toBeCloseTo(1, 5);
  });

  it("gives other clusters for another seed, the same for the same", async () => {
    const make = async (name: string, seed: string) => {
      const output = join(folder, name);
      const options = ["--vocabulary-quantization", "6", "--seed", seed];
      await run(source, "-o", output, "--rows", "int8", ...options);
      return (await StaticModel.load(await readFile(output))).encode(text);
    };
    const first = await make("seed-1.safetensors", "1");
    expect(await make("seed-1-again.safetensors", "1")).toEqual(first);
    expect(await make("seed-2.safetensors", "2")).not.toEqual(first);
  });

  it.each<[string, string[], string, number?]>([
    [
      "more clusters than tokens",
      ["SOURCE", "-o", "x.safetensors", "--rows", "int8", "--vocabulary-quantization", "17"],
      "1 to 16 clusters",
    ],
    [
      "clusters that are no number",
      ["SOURCE", "-o", "x.safetensors", "--rows", "int8", "--vocabulary-quantization", "many"],
      "whole number",
      2,
    ],
    [
      "a file that is not there",
      ["missing.safetensors", "-o", "x.safetensors", "--rows", "int8"],
      "missing.safetensors",
    ],
    ["a type that there is not", ["x", "-o", "y", "--rows", "int3"], "int3", 2],
  ])("refuses %s in one line", async (_, args, named, code = 1) => {
    const failure = await run(...args.map((arg) => (arg === "SOURCE" ? source : arg))).catch(
      (error: { stderr: string; code: number }) => error,
    );
    expect(failure).toMatchObject({ code });
    expect(failure.stderr.trim().split("\n").length).toBe(1);
    expect(failure.stderr).toContain(named);
  });
});
