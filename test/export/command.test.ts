/** `nearvec export` and `nearvec import`, from the command line. */
import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, it } from "vitest";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory } from "../distill/tiny-teacher.ts";
import { tinyModel } from "../support/tiny-model.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const run = (...options: string[]) =>
  spawnSync(process.execPath, [nearvec, ...options], { encoding: "utf8" });

let folder: string;
let model: string;
beforeEach(async () => {
  folder = await temporaryDirectory();
  model = join(folder, "tiny.safetensors");
  await writeFile(model, tinyModel({ rowType: "float32" }));
});

describe("export and import", () => {
  it.each(["model2vec", "sentence-transformers"])("%s comes back as it went", async (format) => {
    const directory = join(folder, "out");
    const exported = run("export", model, "--to", format, "-o", directory);
    expect(exported).toMatchObject({ status: 0, stderr: "" });
    expect(exported.stdout).toMatch(`tiny for ${format}, rows in float32: ${directory} (`);
    const back = join(folder, "back.safetensors");
    const imported = run("import", directory, "-o", back, "--name", "tiny");
    expect(imported).toMatchObject({ status: 0, stderr: "" });
    expect(imported.stdout).toMatch(/^tiny: 16 rows x 8 dims, float32, 0\.\d MiB in /);
    const [before, after] = await Promise.all(
      [model, back].map(async (path) => StaticModel.load(await readFile(path))),
    );
    expect(after!.encode("the horse, running")).toEqual(before!.encode("the horse, running"));
    expect((await readdir(folder)).sort()).toEqual(["back.safetensors", "out", "tiny.safetensors"]);
  });

  it("prints JSON on request", () => {
    const directory = join(folder, "out");
    const { stdout } = run(
      "export",
      model,
      "--to",
      "transformersjs",
      "--rows",
      "int8",
      "-o",
      directory,
      "--json",
    );
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ name: "tiny", to: "transformersjs", rows: "int8", directory });
    expect(result.files).toContain("onnx/model_quantized.onnx");
  });

  it("says that others know the plain mean only", async () => {
    await writeFile(model, tinyModel({ pooling: "distinct" }));
    const { stderr, status } = run("export", model, "--to", "model2vec", "-o", join(folder, "out"));
    expect(status).toBe(0);
    expect(stderr).toMatch(/pools by "distinct".*exported with the plain mean/);
    expect(await readFile(join(folder, "out", "README.md"), "utf8")).toMatch(/pools in another way/);
  });
});

describe("what goes wrong is said in one line, and nothing is written", () => {
  it.each<[string, (place: string) => string[], RegExp, number?]>([
    [
      "a model that is not there",
      (out) => ["export", "no.safetensors", "--to", "model2vec", "-o", out],
      /a model file at no/,
    ],
    ["an output in use", () => ["export", model, "--to", "model2vec", "-o", folder], /is not empty/],
    [
      "8 bits for Sentence Transformers",
      (out) => ["export", model, "--to", "sentence-transformers", "--rows", "int8", "-o", out],
      /It has no scales for rows/,
      2,
    ],
    ["a directory that is not there", (out) => ["import", "no-model", "-o", out], /static model at no-model/],
  ])("%s", async (_, options, message, code = 1) => {
    const { status, stderr, stdout } = run(...options(join(folder, "out")));
    expect(status).toBe(code);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(await readdir(folder)).toEqual(["tiny.safetensors"]);
  });
});
