/**
 * `npm run bench -- quality`: STSBenchmark test, Spearman x 100, of the default model as it is shipped, of
 * the same table in float32, and of the teacher itself.
 */
import { readFile } from "node:fs/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import {
  defaultModelPath,
  defaultTeacherDirectory,
  distillDefaultModel,
} from "../../distill-job/default-model/default-model.ts";
import { spearman } from "../../distill-job/evaluate/spearman.ts";
import { storeRows } from "../../distill-job/table/store-rows.ts";
import { embedSequences } from "../../distill-job/teacher/embed-sequences.ts";
import type { Runtime } from "../../distill-job/teacher/runtime.ts";
import { openTeacher } from "../../distill-job/teacher/teacher.ts";
import { readTeacherDirectory } from "../../distill-job/teacher/teacher-directory.ts";
import { writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { StaticModel } from "../../shared/static-model.ts";
import { readStsBenchmark, type SimilarityPair } from "../eval-data.ts";
import type { Suite } from "../suite.ts";

type Encoder = (texts: readonly string[]) => Promise<readonly Float32Array[]>;

export const run: Suite = async (progress) => {
  const pairs = readStsBenchmark("test");
  const runtime: Runtime = await import("onnxruntime-node").then(
    () => "native",
    () => "wasm",
  );

  progress("the default model as it is shipped");
  const shipped = await StaticModel.load(await readFile(defaultModelPath));
  const shippedScore = await score(pairs, staticEncoder(shipped));

  progress("distilling it again, for the table in float32");
  const { content, table } = await distillDefaultModel({ runtime });
  const [int8, float32] = await Promise.all(
    (["int8", "float32"] as const).map((type) =>
      StaticModel.load(writeArtifact({ ...content, rows: storeRows(table.values, table.dimensions, type) })),
    ),
  );
  const int8Score = await score(pairs, staticEncoder(int8!));
  const float32Score = await score(pairs, staticEncoder(float32!));

  progress("the teacher");
  const teacherScore = await score(pairs, (texts) => encodeWithTeacher(texts, runtime));

  const print = (value: number): string => value.toFixed(2);
  return {
    columns: ["model", "STSBenchmark"],
    rows: [
      ["default model, int8, as shipped", print(shippedScore)],
      ["the same teacher pass, int8", print(int8Score)],
      ["the same teacher pass, float32", print(float32Score)],
      [`all-MiniLM-L6-v2 itself, 8 bit, ${runtime}`, print(teacherScore)],
    ],
    notes: [
      `STSBenchmark test: ${pairs.length} pairs, Spearman x 100 of the cosine against people's scores.`,
      `8 bits a value cost ${(float32Score - int8Score).toFixed(3)} points.`,
    ],
    summary: {
      stsbInt8: shippedScore,
      stsbFloat32: float32Score,
      stsbTeacher: teacherScore,
      int8Loss: float32Score - int8Score,
    },
  };
};

function staticEncoder(model: StaticModel): Encoder {
  return async (texts) => model.encode(texts);
}

/** Mean pooling over the tokens of its own tokenizer, cut to the 128 that it was trained with. */
async function encodeWithTeacher(texts: readonly string[], runtime: Runtime): Promise<Float32Array[]> {
  const files = await readTeacherDirectory(defaultTeacherDirectory);
  const tokenizer = new Tokenizer({ ...files.tokenizer, truncation: null, padding: null }, {});
  const teacher = await openTeacher(files, { runtime, pooling: "mean" });
  try {
    const sequences = texts.map((text) => tokenizer.encode(text).ids.slice(0, 128));
    const { values, dimensions } = await embedSequences(teacher, sequences, 0);
    return texts.map((_, i) => values.subarray(i * dimensions, (i + 1) * dimensions));
  } finally {
    await teacher.close();
  }
}

/** Spearman x 100 of the pairs' cosines against their scores. */
async function score(pairs: readonly SimilarityPair[], encode: Encoder): Promise<number> {
  const first = await encode(pairs.map((pair) => pair.first));
  const second = await encode(pairs.map((pair) => pair.second));
  const cosines = pairs.map((_, i) => cosine(first[i]!, second[i]!));
  return (
    spearman(
      cosines,
      pairs.map((pair) => pair.score),
    ) * 100
  );
}

function cosine(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (let i = 0; i < left.length; i++) {
    product += left[i]! * right[i]!;
    leftSquares += left[i]! ** 2;
    rightSquares += right[i]! ** 2;
  }
  return product / (Math.sqrt(leftSquares * rightSquares) + 1e-32);
}
