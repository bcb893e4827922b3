import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { distill } from "../../distill-job/distill.ts";
import { refine } from "../../distill-job/refine/refine.ts";
import { openTextTeacher } from "../../distill-job/refine/teacher-pass/text-teacher.ts";
import { embedSequences } from "../../distill-job/teacher/embed-sequences.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { temporaryDirectory, tinyTeacher } from "../distill/tiny-teacher.ts";

const nearvec = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));
const teachers = [{ directory: tinyTeacher, weight: 1, pooling: "mean" }] as const;
const words = ["the", "horse", "in", "rain", "a", "run", "cat", "dog", "sun", "red"];

/** Three to eight words each, all different. */
const texts = Array.from({ length: 600 }, (_, i) =>
  Array.from({ length: 3 + (i % 6) }, (_, k) => words[(i * (k + 3) + (i >> 3) * k * k) % words.length]).join(
    " ",
  ),
);

let model: Uint8Array;
beforeAll(async () => {
  const { content } = await distill(tinyTeacher, { dimensions: 4, name: "tiny" });
  model = writeArtifact(content);
});

/** Mean over pairs of texts of the difference between the student's cosine and the teacher's. */
async function disagreement(file: Uint8Array): Promise<number> {
  const student = (await StaticModel.load(file)).encode(texts);
  const teacher = await openTextTeacher(teachers[0], { runtime: "wasm", threads: 1, maxTokens: 128 });
  const { values, dimensions } = await embedSequences(
    teacher.teacher,
    texts.map((each) => teacher.tokenize(each)),
    teacher.padId,
  ).finally(() => teacher.teacher.close());
  const means = Array.from({ length: dimensions }, (_, d) =>
    texts.reduce((sum, _, i) => sum + values[i * dimensions + d]! / texts.length, 0),
  );
  const centred = texts.map((_, i) => means.map((mean, d) => values[i * dimensions + d]! - mean));
  const cosine = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, d) => sum + value * b[d]!, 0);
    return dot(left, right) / (Math.sqrt(dot(left, left) * dot(right, right)) + 1e-12);
  };
  return (
    texts.slice(1).reduce((sum, _, i) => {
      return sum + Math.abs(cosine(student[i]!, student[i + 1]!) - cosine(centred[i]!, centred[i + 1]!));
    }, 0) /
    (texts.length - 1)
  );
}

test("a refined table agrees with its teacher more, on the same tokenizer, and says what it was made of", async () => {
  const cache = await temporaryDirectory();
  const { content, curve, trainTexts, heldOutTexts, unusable } = await refine(model, texts, {
    teachers,
    cache,
    threads: 2,
  });
  const refined = writeArtifact(content);
  expect(await disagreement(refined)).toBeLessThan(0.9 * (await disagreement(model)));
  expect(trainTexts + heldOutTexts + unusable).toBe(texts.length);
  expect(heldOutTexts).toBe(29);
  expect(curve[0]!.epoch).toBe(0);
  const { metadata } = await StaticModel.load(refined);
  expect(metadata).toMatchObject({
    name: "tiny-refined",
    dimensions: 4,
    pooling: "distinct",
    poolingWindow: 32,
  });
  expect(metadata.provenance).toMatchObject({
    refine_texts: String(600 - unusable),
    teacher: "tiny-teacher",
  });
  expect(metadata.provenance.refine_teachers).toMatch(/^tiny-teacher x 1 \([0-9a-f]{64}, /);
});

test("the same seed gives the same file from a full cache and an empty one, with any number of threads", async () => {
  const cache = await temporaryDirectory();
  const make = async (threads: number, seed: number, directory = cache): Promise<Uint8Array> =>
    writeArtifact((await refine(model, texts, { teachers, cache: directory, threads, seed })).content);
  const first = await make(1, 1);
  expect(Buffer.compare(first, await make(3, 1))).toBe(0);
  expect(Buffer.compare(first, await make(2, 1, await temporaryDirectory()))).toBe(0);
  expect(Buffer.compare(first, await make(2, 2))).not.toBe(0);
});

test("a model whose tokens share rows gets a row for each token: the same table as from one whose do not", async () => {
  const { content } = await distill(tinyTeacher, { dimensions: 4, name: "tiny", vocabularyQuantization: 9 });
  const options = { teachers, cache: await temporaryDirectory(), threads: 2, epochs: 1 };
  const refined = await refine(writeArtifact(content), texts, options);
  expect(refined.content.mapping).toBeUndefined();
  expect(refined.content.provenance).not.toHaveProperty("vocabulary_quantization");
  expect(refined.content).toEqual((await refine(model, texts, options)).content);
});

test("two teachers stand side by side: more dimensions than one has", async () => {
  const both = [...teachers, { directory: tinyTeacher, weight: 1.5, pooling: "cls" as const }];
  const options = { teachers: both, dimensions: 12, cache: await temporaryDirectory(), threads: 2 };
  const { content } = await refine(model, texts, options);
  expect((await StaticModel.load(writeArtifact(content))).dimensions).toBe(12);
  await expect(refine(model, texts, { ...options, teachers })).rejects.toThrow(
    /at most the teacher's 8, got 12/,
  );
});

test.each<[string, readonly string[], object, RegExp]>([
  ["too few texts", ["the horse"], {}, /Expected at least 64 texts of which the model knows a token, got 1/],
  ["texts of unknown words", texts.map((_, i) => `☃${i}☃`), {}, /at least 64 texts/],
  ["no teacher", texts, { teachers: [] }, /Expected at least one teacher, got none/],
  ["a weight of 0", texts, { teachers: [{ ...teachers[0], weight: 0 }] }, /weight to be above 0, got 0/],
  ["half an epoch", texts, { epochs: 0.5 }, /epochs to be a whole number of at least 0, got 0\.5/],
])("%s: said before the teacher runs", async (_, some, options, message) => {
  const cache = await temporaryDirectory();
  await expect(refine(model, some, { teachers, cache, ...options })).rejects.toThrow(message);
  expect(await readdir(cache)).toEqual([]);
});

describe("nearvec refine", () => {
  async function setUp() {
    const directory = await temporaryDirectory();
    const paths = ["model.safetensors", "texts.txt", "out.safetensors", "cache"].map((name) =>
      join(directory, name),
    );
    const [modelPath, corpus, output, cache] = paths as [string, string, string, string];
    await writeFile(modelPath, model);
    await writeFile(corpus, texts.join("\n"));
    return { directory, modelPath, corpus, output, cache };
  }
  const start = (...options: string[]): ChildProcess =>
    spawn(process.execPath, [nearvec, "refine", ...options]);

  test("reads corpora, leaves out what is excluded, prints the curve, and writes the model", async () => {
    const { directory, modelPath, corpus, output, cache } = await setUp();
    await writeFile(join(directory, "evaluation.jsonl"), JSON.stringify({ text: texts[5] }));
    const child = start(
      ...["--model", modelPath, "--teacher", `${tinyTeacher}:2:mean`, "--corpus", corpus, "-o", output],
      ...["--cache", cache, "--exclude", join(directory, "evaluation.jsonl"), "--runtime", "wasm", "--json"],
    );
    const [stdout, stderr] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, "close"),
    ]);
    expect(stderr).toMatch(/epoch 0 {2}held-out loss \d/);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ name: "tiny-refined", file: output, dimensions: 4, pooling: "distinct" });
    expect(summary.excluded).toBeGreaterThanOrEqual(1);
    const { trainTexts, heldOutTexts, duplicates, excluded, unusable } = summary;
    expect(trainTexts + heldOutTexts + duplicates + excluded + unusable).toBe(600);
    expect((await StaticModel.load(await readFile(output))).encode("the horse").length).toBe(4);
  });

  test("takes the temperature and the groups of the contrastive stage, and refuses what they cannot be", async () => {
    const { modelPath, corpus, output, cache } = await setUp();
    const options = ["--model", modelPath, "--teacher", tinyTeacher, "--corpus", corpus, "-o", output];
    const run = async (...more: string[]): Promise<string> => {
      const child = start(...options, "--cache", cache, "--runtime", "wasm", "--epochs", "1", ...more);
      const [stderr] = await Promise.all([text(child.stderr!), once(child, "close")]);
      return stderr;
    };
    await run("--temperature", "0.2", "--group-size", "8");
    const { metadata } = await StaticModel.load(await readFile(output));
    const settings = JSON.parse(metadata.provenance!.refine_settings!);
    expect(settings).toMatchObject({ temperature: 0.2, groupTexts: 8 });
    expect(await run("--temperature", "0")).toContain("Expected temperature to be above 0, got 0.");
    expect(await run("--group-size", "1.5")).toContain("Expected group-size to be a whole number");
  });

  test("Ctrl-C leaves the old file, and a cache that the next run goes on with", async () => {
    const { modelPath, corpus, output, cache } = await setUp();
    await writeFile(output, "the old model");
    const options = ["--model", modelPath, "--teacher", tinyTeacher, "--corpus", corpus, "-o", output];
    const child = start(...options, "--cache", cache, "--runtime", "wasm");
    await expect.poll(() => readdir(cache).catch(() => []), { interval: 5, timeout: 30_000 }).not.toEqual([]);
    child.kill("SIGINT");
    await once(child, "close");
    expect(child.signalCode).toBe("SIGINT");
    expect(await readFile(output, "utf8")).toBe("the old model");
    const next = start(...options, "--cache", cache, "--runtime", "wasm");
    const [stdout] = await Promise.all([text(next.stdout!), once(next, "close")]);
    expect(stdout).toMatch(/^tiny-refined: 4 dims, distinct pooling/);
    expect((await readdir(cache)).filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  test.each<[string, (paths: Awaited<ReturnType<typeof setUp>>) => Promise<void>, RegExp]>([
    ["an empty corpus", ({ corpus }) => writeFile(corpus, "\n"), /Expected texts in .*texts\.txt/],
    [
      "a model that is not there",
      ({ modelPath }) => rm(modelPath),
      /Expected a model file at .*model\.safetensors/,
    ],
    [
      "a cache that is a file",
      ({ cache }) => writeFile(cache, ""),
      /Expected to open the cache of teacher vectors/,
    ],
    [
      "a folder without texts",
      async ({ corpus }) => {
        await rm(corpus);
        await mkdir(corpus);
      },
      /Expected files \.txt, .* there are none/,
    ],
  ])("%s is said in one line", async (_, prepare, message) => {
    const paths = await setUp();
    const { modelPath, corpus, output, cache } = paths;
    await prepare(paths);
    const child = start(
      ...["--model", modelPath, "--teacher", tinyTeacher, "--corpus", corpus, "-o", output, "--cache", cache],
      ...["--runtime", "wasm"],
    );
    const [stderr] = await Promise.all([text(child.stderr!), once(child, "close")]);
    expect(child.exitCode).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    await expect(readFile(output)).rejects.toThrow();
  });
});
