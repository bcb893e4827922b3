/**
 * `npm run bench -- quality`: how good the models are, on data that they never saw. STSBenchmark test (Spearman
 * x 100) and SciFact test (nDCG@10 x 100, by vectors alone and with BM25).
 *
 * The adapted model takes its teachers over SciFact's abstracts first, which is the most of it: a quarter of an
 * hour with onnxruntime-node, once; the vectors stay in .nearvec/teacher-vectors.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseModelPath, nanoModelPath } from "../../distill-job/default-model/default-model.ts";
import { plainDistillation } from "../../distill-job/default-model/plain-distillation.ts";
import { refineTeachers } from "../../distill-job/default-model/refine-recipe.ts";
import { installSources } from "../../distill-job/default-model/sources.ts";
import { type Encoder, openModel, openTeacherEncoder } from "../../distill-job/evaluate/encoder.ts";
import { retrievalTask } from "../../distill-job/evaluate/tasks/retrieval-task.ts";
import { similarityTask } from "../../distill-job/evaluate/tasks/similarity-task.ts";
import { rotateDimensions } from "../../distill-job/table/rotate-dimensions.ts";
import { storeRows } from "../../distill-job/table/store-rows.ts";
import type { Runtime } from "../../distill-job/teacher/runtime.ts";
import { type ArtifactContent, writeArtifact } from "../../shared/artifact/artifact-writer.ts";
import { readTable } from "../../shared/artifact/read-table.ts";
import { adaptToSciFact } from "../adapted-model.ts";
import { evalPath } from "../eval-data.ts";
import type { Suite } from "../suite.ts";

/** Points of 100; SciFact is not measured where it would take a transformer minutes. */
interface Quality {
  readonly name: string;
  readonly bytes: number;
  readonly stsb: number;
  readonly scifact?: number;
  readonly hybrid?: number;
  readonly bm25?: number;
}

/** Tokens that the teachers read of a sentence. */
const teacherTokens = 128;

export const run: Suite = async (progress) => {
  const runtime: Runtime = await import("onnxruntime-node").then(
    () => "native",
    () => "wasm",
  );
  const directory = await mkdtemp(join(tmpdir(), "nearvec-quality-"));
  const measured = async (name: string, file: Uint8Array): Promise<Quality> => {
    progress(name);
    const path = join(directory, "model.safetensors");
    await writeFile(path, file);
    return measure(name, await openModel(path));
  };
  try {
    const baseFile = await readFile(baseModelPath);
    const base = await measured("base, 8 bits, as shipped", baseFile);
    const fourBit = await measured("base in 4 bits", await requantized(baseFile, "int4", false));
    const twoBit = await measured("base in 2 bits, rotated", await requantized(baseFile, "int2", true));
    const nano = await measured("nano, 1 bit, rotated, as shipped", await readFile(nanoModelPath));
    progress("distilling without refinement");
    const { content, table } = await plainDistillation({ runtime });
    const plainFile = writeArtifact(content);
    const plain = await measured("plain distillation, as Model2Vec's, 8 bits", plainFile);
    const rows = storeRows(table.values, table.dimensions, "float32");
    const float32 = await measured("the same in float32", writeArtifact({ ...content, rows }));
    const whitened = await plainDistillation({ runtime, whitening: 0.5 });
    const stsbBase = await measured("plain, dimensions equalized", writeArtifact(whitened.content));
    progress("refining on SciFact's abstracts");
    const adaptation = await adaptToSciFact(plainFile, runtime, {
      onTeacher: (name, done, total) => progress(`${name} over the abstracts: ${done} of ${total}`),
    });
    const adapted = await measured(
      "adapted to SciFact's abstracts, 8 bits",
      writeArtifact(adaptation.content),
    );
    const teachers = await teacherQualities(runtime, progress);
    const qualities = [base, fourBit, twoBit, nano, stsbBase, plain, float32, adapted, ...teachers];
    return {
      columns: ["model", "MB", "STSBenchmark", "SciFact", "SciFact with BM25"],
      rows: qualities.map(rowOf),
      notes: [
        "STSBenchmark test: Spearman x 100 of cosines with people's scores. SciFact test: nDCG@10 x 100.",
        `BM25 alone: ${base.bm25!.toFixed(1)}. Published: potion-base-8M (30 MB) 75.41 and 50.64, all-MiniLM-L6-v2 82.03 and 64.51,`,
        "bge-small-en-v1.5 85.86 and 71.27 (MTEB results repository, full precision).",
        "base and nano saw no text of an evaluation set; adapted saw SciFact's abstracts, no query and no label.",
      ],
      summary: {
        stsbGeneral: base.stsb,
        scifactGeneral: base.scifact!,
        hybridGeneral: base.hybrid!,
        stsbFourBit: fourBit.stsb,
        fourBitLoss: base.stsb - fourBit.stsb,
        stsbTwoBit: twoBit.stsb,
        stsbOneBit: nano.stsb,
        scifactOneBit: nano.scifact!,
        stsbBase: stsbBase.stsb,
        stsbPlain: plain.stsb,
        int8Loss: float32.stsb - plain.stsb,
        scifactPlain: plain.scifact!,
        stsbAdapted: adapted.stsb,
        scifactAdapted: adapted.scifact!,
        scifactAdaptedHybrid: adapted.hybrid!,
        scifactBm25: base.bm25!,
        stsbTeacher: teachers[0]!.stsb,
        stsbSecondTeacher: teachers[1]!.stsb,
      },
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

async function requantized(
  file: Uint8Array,
  type: ArtifactContent["rows"]["type"],
  rotated: boolean,
): Promise<Uint8Array> {
  const { metadata, tokenizer, rows } = await readTable(file);
  const { name, dimensions, pooling, poolingWindow, normalize, maxLength } = metadata;
  return writeArtifact({
    ...{ name, dimensions, tokenizer, pooling, poolingWindow, normalize, maxLength, rotated, provenance: {} },
    rows: storeRows(rotated ? rotateDimensions(rows, dimensions) : rows, dimensions, type),
  });
}

async function measure(name: string, encoder: Encoder): Promise<Quality> {
  const [vectors, words, both] = await retrievalTask(evalPath("scifact"), "test", encoder);
  return {
    name,
    bytes: encoder.bytes,
    stsb: await stsbOf(encoder),
    scifact: vectors!.scores.ndcg_at_10! * 100,
    bm25: words!.scores.ndcg_at_10! * 100,
    hybrid: both!.scores.ndcg_at_10! * 100,
  };
}

async function stsbOf(encoder: Encoder): Promise<number> {
  const [result] = await similarityTask(evalPath("stsb/sts-test.csv"), encoder);
  return result!.scores[result!.main]! * 100;
}

async function teacherQualities(runtime: Runtime, progress: (what: string) => void): Promise<Quality[]> {
  await installSources();
  const qualities: Quality[] = [];
  for (const { name: teacher, directory, pooling } of await refineTeachers()) {
    const encoder = await openTeacherEncoder({
      name: teacher,
      directory,
      pooling,
      runtime,
      maxTokens: teacherTokens,
    });
    progress(`${encoder.name} itself`);
    const name = `${encoder.name} itself, 8 bits, ${runtime}`;
    qualities.push({ name, bytes: encoder.bytes, stsb: await stsbOf(encoder) });
    await encoder.close();
  }
  return qualities;
}

function rowOf({ name, bytes, stsb, scifact, hybrid }: Quality): string[] {
  const print = (value?: number): string => (value === undefined ? "" : value.toFixed(1));
  return [name, (bytes / 1e6).toFixed(1), print(stsb), print(scifact), print(hybrid)];
}
