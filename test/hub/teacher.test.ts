/** Teachers on the hub: the same tables as from a directory, and which of a repository's files are taken. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distill } from "../../distill-job/distill.ts";
import { readTeacher } from "../../distill-job/teacher/read-teacher.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { tinyTeacher } from "../distill/tiny-teacher.ts";
import { sha256Of } from "./hub-answers.ts";
import { cached, startHub, teacherFiles } from "./hub-fixtures.ts";

const settings = { dimensions: 4, threads: 1, name: "tiny" } as const;
const onnx = teacherFiles["onnx/model.onnx"]!;
const tokenizer = { "tokenizer.json": teacherFiles["tokenizer.json"]! };

test("a table of a teacher on the hub equals that of its directory, but for where it comes from", async () => {
  const { hub } = await startHub();
  const commit = hub.add("org/tiny-teacher", teacherFiles);
  const near = (await distill(tinyTeacher, settings)).content;
  const far = (await distill("hf:org/tiny-teacher", settings)).content;
  expect(far.provenance).toEqual({
    ...near.provenance,
    teacher: "org/tiny-teacher",
    teacher_revision: commit,
  });
  const [nearFile, farFile] = [near, far].map((content) => writeArtifact({ ...content, provenance: {} }));
  expect(Buffer.compare(nearFile!, farFile!)).toBe(0);
});

test("a model of it is called as the repository is, without its organization", async () => {
  const { hub } = await startHub();
  hub.add("org/tiny-teacher", teacherFiles);
  const { content } = await distill("hf:org/tiny-teacher", { ...settings, name: undefined });
  expect(content.name).toBe("tiny-teacher-4");
});

test("only what a teacher is made of is downloaded", async () => {
  const { hub, access } = await startHub();
  const more = {
    "model.safetensors": "large",
    "onnx/model_fp16.onnx": onnx,
    "config.json": "{}",
    "README.md": "",
  };
  const commit = hub.add("org/teacher", { ...more, ...teacherFiles });
  await readTeacher("hf:org/teacher");
  expect(await cached(access, "org/teacher", `snapshots/${commit}`)).toEqual([
    "README.md",
    "onnx/model.onnx",
    "tokenizer.json",
    "tokenizer_config.json",
  ]);
});

test("the card's licence goes into the model file, unless another is given", async () => {
  const { hub } = await startHub();
  hub.add("org/teacher", { ...teacherFiles, "README.md": "---\nlicense: mit\n---\n" });
  const licenseOf = async (license?: string) =>
    (await distill("hf:org/teacher", { ...settings, license })).content.provenance?.license;
  expect(await licenseOf()).toBe("mit");
  expect(await licenseOf("Apache-2.0")).toBe("Apache-2.0");
});

test("its pooling is the one that the repository declares", async () => {
  const { hub } = await startHub();
  const declared = JSON.stringify({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false });
  hub.add("org/teacher", { ...teacherFiles, "1_Pooling/config.json": declared });
  const { content } = await distill("hf:org/teacher", settings);
  expect(content.provenance?.pooling).toBe("cls");
});

describe("of several ONNX files", () => {
  const named = (...names: string[]) => Object.fromEntries(names.map((name) => [name, onnx]));
  test.each<[string, string[], string | undefined]>([
    ["onnx/model.onnx", ["onnx/model_quantized.onnx", "onnx/model.onnx", "onnx/model_fp16.onnx"], undefined],
    ["model.onnx", ["onnx/model_fp16.onnx", "model.onnx"], undefined],
    ["onnx/model_fp16.onnx", ["onnx/model_quantized.onnx", "onnx/model_fp16.onnx"], undefined],
    ["onnx/model_quantized.onnx", ["onnx/model_quantized.onnx", "onnx/other.onnx"], undefined],
    ["onnx/other.onnx", ["onnx/model.onnx", "onnx/other.onnx"], "onnx/other.onnx"],
  ])("%s is taken of %j", async (expected, names, chosen) => {
    const { hub, access } = await startHub();
    const commit = hub.add("org/teacher", { ...tokenizer, ...named(...names) });
    expect((await readTeacher("hf:org/teacher", chosen)).onnxPath).toBe(expected);
    const files = await cached(access, "org/teacher", `snapshots/${commit}`);
    expect(files.filter((file) => file.endsWith(".onnx"))).toEqual([expected]);
  });
});

test("weights that the ONNX file keeps beside itself come with it", async () => {
  const { hub } = await startHub();
  const directory = join(tinyTeacher, "../tiny-teacher-external");
  const data = await readFile(join(directory, "model.onnx_data"));
  hub.add("org/large", {
    ...teacherFiles,
    "onnx/model.onnx": await readFile(join(directory, "model.onnx")),
    "onnx/model.onnx_data": data,
  });
  const { content, table } = await distill("hf:org/large", settings);
  expect(content.provenance?.teacher_data_sha256).toBe(sha256Of(data));
  expect(table.values).toEqual((await distill(tinyTeacher, settings)).table.values);
});

describe("a revision", () => {
  const old = Buffer.concat([onnx, Buffer.from([0x12, 0])]);

  test.each(["branch", "tag/of/2024", "commit"])("that is a %s is the one that is read", async (kind) => {
    const { hub } = await startHub();
    const branch = kind === "commit" ? "main" : kind;
    const commit = hub.add("org/teacher", { ...teacherFiles, "onnx/model.onnx": old }, { branch });
    hub.add("org/teacher", teacherFiles);
    const files = await readTeacher(`hf:org/teacher@${kind === "commit" ? commit : branch}`);
    expect(files.origin).toEqual({ repo: "org/teacher", commit });
    expect(files.onnxSha256).toBe(sha256Of(old));
    expect((await readTeacher("hf:org/teacher")).onnxSha256).toBe(sha256Of(onnx));
  });

  test("that moves is followed", async () => {
    const { hub } = await startHub();
    hub.add("org/teacher", { ...teacherFiles, "onnx/model.onnx": old });
    expect((await readTeacher("hf:org/teacher")).onnxSha256).toBe(sha256Of(old));
    hub.add("org/teacher", teacherFiles);
    expect((await readTeacher("hf:org/teacher")).onnxSha256).toBe(sha256Of(onnx));
  });
});

describe("a repository without what is needed is said to have what it has", () => {
  test.each<[string, Record<string, string>, string | undefined, RegExp]>([
    [
      "a tokenizer",
      { "vocab.txt": "" },
      undefined,
      /^Expected tokenizer\.json in org\/no, it has vocab\.txt\. /,
    ],
    [
      "an ONNX file",
      { "tokenizer.json": "{}", "model.safetensors": "x" },
      undefined,
      /^Expected an ONNX file, .* it has model\.safetensors, tokenizer\.json\. Export one: /,
    ],
    [
      "a known ONNX file",
      { "tokenizer.json": "{}", "onnx/a.onnx": "x" },
      undefined,
      /it has onnx\/a\.onnx\. Choose with --onnx onnx\/a\.onnx\.$/,
    ],
    [
      "the ONNX file asked for",
      { "tokenizer.json": "{}" },
      "b.onnx",
      /^Expected b\.onnx in org\/no, it has tokenizer\.json\.$/,
    ],
  ])("%s", async (_, files, onnxPath, message) => {
    const { hub } = await startHub();
    hub.add("org/no", files);
    await expect(readTeacher("hf:org/no", onnxPath)).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringMatching(message),
    });
  });

  test("the weights beside an ONNX file", async () => {
    const { hub } = await startHub();
    const directory = join(tinyTeacher, "../tiny-teacher-external");
    hub.add("org/no", { ...tokenizer, "onnx/model.onnx": await readFile(join(directory, "model.onnx")) });
    await expect(readTeacher("hf:org/no")).rejects.toMatchObject({
      message: "Expected onnx/model.onnx_data in org/no, it has onnx/model.onnx, tokenizer.json.",
    });
  });
});

test("a path that leads out of the cache is refused", async () => {
  const { hub } = await startHub();
  hub.add("org/teacher", { ...teacherFiles, "../../../outside.onnx": onnx });
  await expect(readTeacher("hf:org/teacher", "../../../outside.onnx")).rejects.toMatchObject({
    code: "invalid_request",
    message: /Expected the path of a file in the repository/,
  });
  expect(hub.contentRequests().some(({ path }) => path.includes("outside"))).toBe(false);
});
