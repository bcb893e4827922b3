/** One of a teacher's threads: first asked to open an ONNX file, then to embed batches. */
import { answerQuestions } from "../threads/questions.ts";
import type { ExternalData } from "./external-data.ts";
import { OnnxTeacher } from "./onnx-teacher.ts";
import type { Pooling } from "./pooling.ts";
import { importRuntime, type Runtime } from "./runtime.ts";
import type { TokenBatch } from "./token-batch.ts";

export type TeacherQuestion =
  | {
      readonly kind: "open";
      /** Content of the ONNX file. */
      readonly model: Uint8Array;
      readonly weights: readonly ExternalData[];
      readonly runtime: Runtime;
      readonly pooling: Pooling;
    }
  | { readonly kind: "embed"; readonly batch: TokenBatch };

/** The runtime's name and version, or the batch's vectors. */
export type TeacherAnswer = string | Float32Array;

let teacher: OnnxTeacher;

answerQuestions<TeacherQuestion, TeacherAnswer>(async (question) => {
  if (question.kind === "embed") return teacher.embed(question.batch);
  const runtime = await importRuntime(question.runtime);
  teacher = await OnnxTeacher.load(runtime, question.model, question.weights, question.pooling);
  return runtime.version;
});
