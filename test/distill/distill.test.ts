import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distill } from "../../distill-job/distill.ts";
import { type DistillSettings, modelNameOf } from "../../distill-job/distill-options.ts";
import { sifWeights } from "../../distill-job/table/sif-weights.ts";
import type { Pooling } from "../../distill-job/teacher/pooling.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import golden from "./golden/tiny-table.json" with { type: "json" };
import { copyOfTinyTeacher, tinyTeacher } from "./tiny-teacher.ts";

const tiny: Partial<DistillSettings> = { dimensions: 4, threads: 1 };

describe("a table equals the one that Python makes of the same teacher", () => {
  for (const { pooling, tokens, table } of golden) {
    test(`${pooling} pooling`, async () => {
      const made = await distill(tinyTeacher, { ...tiny, pooling: pooling as Pooling, rows: "float32" });
      expect(made.table).toMatchObject({ rows: tokens.length, dimensions: 4 });
      expect(made.content.rows.values.length).toBe(table.length);
      made.content.rows.values.forEach((value, i) => {
        expect(Math.abs(value - table[i]!), `entry ${i}`).toBeLessThan(1e-5);
      });
    });
  }
});

test("the model file of a distillation embeds text", async () => {
  const { content, table } = await distill(tinyTeacher, tiny);
  const model = await StaticModel.load(writeArtifact(content));
  expect(model.dimensions).toBe(4);
  const { tokens } = golden[0]!;
  expect([...model.tokenize("The horse walks, unseen")]).toEqual(
    ["the", "horse", "walks", ","].map((token) => tokens.indexOf(token)),
  );
  const [horse] = model.encode(["horse"], { normalize: false });
  const row = tokens.indexOf("horse") * 4;
  // Eight bits: half a step of a row is 0.4% of its largest entry.
  const largest = Math.max(...table.values.subarray(row, row + 4).map(Math.abs));
  horse!.forEach((value, i) => {
    expect(Math.abs(value - table.values[row + i]!)).toBeLessThanOrEqual(largest / 254 + 1e-6);
  });
});

describe("a quantized vocabulary", () => {
  test("has the vectors of the plain table where every token is a cluster of its own", async () => {
    const float32 = { ...tiny, rows: "float32" } as const;
    const plain = await StaticModel.load(writeArtifact((await distill(tinyTeacher, float32)).content));
    const { vocabularySize } = plain.metadata;
    const { content } = await distill(tinyTeacher, { ...float32, vocabularyQuantization: vocabularySize });
    const model = await StaticModel.load(writeArtifact(content));
    expect(model.metadata).toMatchObject({ mapped: true, rows: vocabularySize, vocabularySize });
    const [got, expected] = [new Float32Array(4), new Float32Array(4)];
    for (let token = 0; token < vocabularySize; token++) {
      model.encodeInto([token], got, 0, { normalize: false });
      plain.encodeInto([token], expected, 0, { normalize: false });
      got.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
    }
  });

  test("clusters the teacher's vectors, then takes principal components; weights stay the tokens' own", async () => {
    const settings = { ...tiny, vocabularyQuantization: 12 };
    const told: string[] = [];
    const { content, table } = await distill(tinyTeacher, settings, {
      onCentres: (done, total) => told.push(`${done}/${total}`),
      onRound: (round) => told.push(`round ${round}`),
    });
    expect(told).toContain("12/12");
    expect(told).toContain("round 1");
    expect(table).toMatchObject({ rows: 12, dimensions: 4 });
    const { mapping, rows, provenance } = content;
    expect(rows.values.length).toBe(12 * 4);
    expect(new Set(mapping!.rows).size).toBe(12);
    expect(mapping!.weights).toEqual(Float32Array.from(sifWeights(mapping!.rows.length, 1e-4)));
    expect(provenance).toMatchObject({ vocabulary_quantization: "12 clusters, seed 42", sif: "0.0001" });
    const again = await distill(tinyTeacher, { ...settings, threads: 2 });
    expect(again.content).toEqual(content);
    const other = await distill(tinyTeacher, { ...settings, seed: 1 });
    expect(other.content.mapping!.rows).not.toEqual(mapping!.rows);
  });

  test("keeps lengths as weights where there are no others", async () => {
    const settings = { ...tiny, vocabularyQuantization: 12, sifCoefficient: null };
    const { weights } = (await distill(tinyTeacher, settings)).content.mapping!;
    expect(new Set(weights).size).toBeGreaterThan(30);
    expect(Math.min(...weights)).toBeGreaterThan(0);
  });
});

test("the same input gives the same bytes, with any number of threads", async () => {
  const once = writeArtifact((await distill(tinyTeacher, tiny)).content);
  const again = writeArtifact((await distill(tinyTeacher, { ...tiny, threads: 2 })).content);
  expect(Buffer.compare(once, again)).toBe(0);
});

test("a model file says where it comes from, without paths", async () => {
  const { content } = await distill(tinyTeacher, { ...tiny, license: "MIT", sifCoefficient: null });
  expect(content.name).toBe("tiny-teacher-4");
  expect(content.provenance).toEqual({
    teacher: "tiny-teacher",
    teacher_file: "onnx/model.onnx",
    teacher_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    teacher_tokenizer_sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    license: "MIT",
    pooling: "mean",
    pca: "4",
    sif: "none",
    token_remove_pattern: String.raw`\[unused\d+\]`,
    runtime: expect.stringMatching(/^onnxruntime-web \d+\.\d+\.\d+$/),
    nearvec: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

describe("dimensions", () => {
  test.each([
    ["none", 8],
    ["auto", 8],
    [3, 3],
  ] as const)("%s", async (dimensions, expected) => {
    expect((await distill(tinyTeacher, { ...tiny, dimensions })).table.dimensions).toBe(expected);
  });
});

describe("what cannot be distilled is refused before the teacher runs, saying what to do", () => {
  const expectRefusal = async (
    directory: string,
    code: string,
    message: RegExp,
    settings: Partial<DistillSettings> = {},
  ): Promise<void> => {
    let ran = false;
    const distillation = distill(
      directory,
      { ...tiny, ...settings },
      {
        onTokens: () => {
          ran = true;
        },
      },
    );
    await expect(distillation).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(ran).toBe(false);
  };

  test("a directory that is not there, or is a file", async () => {
    await expectRefusal("/no/such/teacher", "not_found", /got \/no\/such\/teacher, which is not there/);
    await expectRefusal(join(tinyTeacher, "tokenizer.json"), "not_found", /which is a file/);
  });

  test("no tokenizer.json, or one that is not JSON", async () => {
    const directory = await copyOfTinyTeacher();
    await writeFile(join(directory, "tokenizer.json"), "<html>");
    await expectRefusal(
      directory,
      "tokenizer_unsupported",
      /^Expected JSON in tokenizer.json.*Download it again/,
    );
    await rm(join(directory, "tokenizer.json"));
    await expectRefusal(directory, "not_found", /Expected tokenizer.json in .*save_pretrained/);
  });

  test("a tokenizer of another kind", async () => {
    const directory = await copyOfTinyTeacher();
    await writeFile(join(directory, "tokenizer.json"), JSON.stringify({ model: { type: "BPE", vocab: {} } }));
    await expectRefusal(directory, "tokenizer_unsupported", /got BPE/);
  });

  test("no ONNX file, or only others, or not the one that was named", async () => {
    const directory = await copyOfTinyTeacher();
    await expectRefusal(directory, "not_found", /cannot be read.*--onnx relative/, {
      onnxPath: "onnx/other.onnx",
    });
    await rename(join(directory, "onnx/model.onnx"), join(directory, "onnx/encoder.onnx"));
    await expectRefusal(
      directory,
      "not_found",
      /it has onnx\/encoder\.onnx\. Choose with --onnx onnx\/encoder\.onnx/,
    );
    await rm(join(directory, "onnx"), { recursive: true });
    await expectRefusal(directory, "not_found", /Expected an ONNX file in .* optimum-cli export onnx/);
  });

  test.each<[Partial<DistillSettings>, RegExp]>([
    [{ dimensions: 9 }, /at most the teacher's 8, got 9. Choose a smaller --dims, or --dims auto/],
    [{ dimensions: 0 }, /dims to be a whole number, a fraction .* got 0/],
    [{ dimensions: 2.5 }, /got 2.5/],
    [{ dimensions: 1.0001 }, /got 1.0001/],
    [{ sifCoefficient: 1 }, /SIF coefficient to be over 0 and under 1/],
    [{ threads: 0 }, /threads to be a whole number/],
    [{ name: "a/b" }, /Expected a name of letters/],
    [{ tokenRemovePattern: "(" }, /Expected a regular expression/],
  ])("%o", (settings, message) => expectRefusal(tinyTeacher, "invalid_request", message, settings));
});

test("a model that was not given a name gets one that can be served", () => {
  expect(modelNameOf("all-MiniLM-L6-v2", 256)).toBe("all-MiniLM-L6-v2-256");
  expect(modelNameOf("_my model (new)", 64)).toBe("my-model-new--64");
  expect(modelNameOf("模型", 64)).toBe("model-64");
});
