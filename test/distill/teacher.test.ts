import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { embedSequences, sequencesPerBatch } from "../../distill-job/teacher/embed-sequences.ts";
import type { ExternalData } from "../../distill-job/teacher/external-data.ts";
import { type Pooling, poolHiddenStates, type TeacherPooling } from "../../distill-job/teacher/pooling.ts";
import { openTeacher, type Teacher, type TeacherOptions } from "../../distill-job/teacher/teacher.ts";
import type { TokenBatch } from "../../distill-job/teacher/token-batch.ts";
import { tinyTeacher, tinyTeacherDimensions } from "./tiny-teacher.ts";

const onnx = await readFile(join(tinyTeacher, "onnx/model.onnx"));

async function open(
  options: Partial<TeacherOptions> = {},
  model: Uint8Array = onnx,
  externalData: readonly ExternalData[] = [],
): Promise<Teacher> {
  const teacher = await openTeacher(
    { onnx: model, externalData },
    { runtime: "wasm", pooling: "mean", threads: 1, ...options },
  );
  onTestFinished(() => teacher.close());
  return teacher;
}

/** A teacher whose vector for a sequence is its first id and its length. */
function countingTeacher(concurrency: number): Teacher & { readonly batches: number[][] } {
  const batches: number[][] = [];
  return {
    runtime: "none",
    concurrency,
    batches,
    async embed({ ids, lengths, length }: TokenBatch) {
      batches.push([...lengths]);
      // The first batch takes longest, so that answers come in another order than questions.
      await new Promise((resolve) => setTimeout(resolve, batches.length === 1 ? 20 : 1));
      return Float32Array.from([...lengths].flatMap((used, row) => [Number(ids[row * length]), used]));
    },
    async close() {},
  };
}

describe("pooling", () => {
  const hidden = {
    values: Float32Array.from([1, 2, 3, 4, 9, 9, 5, 6, 7, 8, 9, 12]),
    rows: 2,
    length: 3,
    dimensions: 2,
  };
  test.each<[Exclude<Pooling, TeacherPooling>, number[]]>([
    ["mean", [2, 3, 7, 26 / 3]],
    ["cls", [1, 2, 5, 6]],
    ["last", [3, 4, 9, 12]],
  ])("%s takes no notice of padding", (pooling, expected) => {
    expect([...poolHiddenStates(hidden, [2, 3], pooling)]).toEqual([...Float32Array.from(expected)]);
  });
});

describe("batches", () => {
  const sequences = Array.from({ length: 600 }, (_, i) => new Array<number>(i % 7 === 0 ? 4 : 3).fill(i));

  test("hold sequences of like length in their order, and vectors come back in the sequences' order", async () => {
    const teacher = countingTeacher(2);
    const { values, rows, dimensions } = await embedSequences(teacher, sequences, 0);
    expect(teacher.batches.map((lengths) => lengths.length)).toEqual([256, 256, 88]);
    expect(teacher.batches.flat()).toEqual(sequences.map(({ length }) => length).sort());
    expect([rows, dimensions]).toEqual([600, 2]);
    expect([...values]).toEqual(sequences.flatMap((sequence) => [sequence[0], sequence.length]));
    expect(sequencesPerBatch).toBe(256);
  });

  test("are reported as they are done", async () => {
    const reports: number[] = [];
    await embedSequences(countingTeacher(1), sequences, 0, (done) => reports.push(done));
    expect(reports).toEqual([0, 256, 512, 600]);
  });

  test("with what is not a number give 0 instead", async () => {
    const teacher = {
      ...countingTeacher(1),
      embed: async () => Float32Array.from([Number.NaN, 1, -Infinity]),
    };
    const { values } = await embedSequences(teacher, [[1]], 0);
    expect([...values]).toEqual([0, 1, -3.4028234663852886e38]);
  });

  test("of a teacher that is too small for them are no reason to wait", async () => {
    const { values } = await embedSequences(await open({ threads: 3 }), [[4, 8, 5]], 0);
    expect(values.length).toBe(tinyTeacherDimensions);
  });
});

describe("a teacher in ONNX", () => {
  const sequences = Array.from({ length: 300 }, (_, i) => [4, 7 + (i % 30), 5].slice(0, 2 + (i % 2)));

  test("gives the same bits with any number of threads, padded or not", async () => {
    const one = await embedSequences(await open({ threads: 1 }), sequences, 0);
    const three = await embedSequences(await open({ threads: 3 }), sequences, 0);
    expect(three.values).toEqual(one.values);
    const alone = await embedSequences(await open(), [sequences[0]!], 0);
    expect(one.values.subarray(0, tinyTeacherDimensions)).toEqual(alone.values);
  });

  test("gives nearly the same numbers on both runtimes", async () => {
    const wasm = await embedSequences(await open(), sequences, 0);
    const native = await embedSequences(await open({ runtime: "native" }), sequences, 0);
    wasm.values.forEach((value, i) => {
      expect(Math.abs(value - native.values[i]!)).toBeLessThan(1e-5);
    });
  });

  test.each(["wasm", "native"] as const)(
    "that does not load is refused by %s in one line",
    async (runtime) => {
      const broken = open({ runtime, threads: 2 }, onnx.subarray(0, 2000));
      await expect(broken).rejects.toMatchObject({
        code: "teacher_invalid",
        message: expect.stringMatching(
          /^Expected an ONNX file that onnxruntime-\w+ [\d.]+ loads, got: .*--onnx\.$/,
        ),
      });
    },
  );

  test("is refused when asked for ids that it does not know", async () => {
    const embedded = embedSequences(await open(), [[4, 1_000_000, 5]], 0);
    await expect(embedded).rejects.toThrow(/Expected the teacher to take the ids of its own tokenizer/);
  });

  // The names stand in the file as they are: one letter changed gives a teacher with other names.
  const renamed = (from: string, to: string): Uint8Array =>
    Buffer.from(onnx.toString("latin1").replaceAll(from, to), "latin1");

  test("without the output that pooling needs is refused, naming those it has", async () => {
    const model = renamed("last_hidden_state", "lost_hidden_state");
    await expect(open({}, model)).rejects.toThrow(
      "output last_hidden_state or token_embeddings for mean pooling, it has lost_hidden_state, pooler_output. Use --pooling pooler.",
    );
    const noPooler = renamed("pooler_output", "pooled_output");
    await expect(open({ pooling: "pooler" }, noPooler)).rejects.toThrow(
      "output pooler_output for pooler pooling, it has last_hidden_state, pooled_output",
    );
  });

  test("with its own pooling gives its sentence_embedding", async () => {
    const model = await readFile(`${tinyTeacher}-sentence.onnx`);
    const sequences = [
      [4, 9, 5],
      [4, 8, 10, 5],
    ];
    const own = await embedSequences(await open({ pooling: "sentence" }, model), sequences, 0);
    const pooler = await embedSequences(await open({ pooling: "pooler" }), sequences, 0);
    expect(own).toEqual(pooler);
    await expect(open({ pooling: "pooler" }, model)).rejects.toThrow("Use --pooling sentence");
    await expect(open({ pooling: "sentence" })).rejects.toThrow(
      "output sentence_embedding for sentence pooling",
    );
  });

  test("with another input is refused, naming it", async () => {
    await expect(open({}, renamed("attention_mask", "intention_mask"))).rejects.toThrow(
      "it takes input_ids, intention_mask",
    );
  });
});
