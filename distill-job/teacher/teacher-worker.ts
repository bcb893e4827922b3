/** One of a teacher's threads: loads the ONNX file, then answers every batch with its vectors. */
import { parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";
import { OnnxTeacher } from "./onnx-teacher.ts";
import type { Pooling } from "./pooling.ts";
import { importRuntime, type Runtime } from "./runtime.ts";
import type { TokenBatch } from "./token-batch.ts";

/** What the thread is started with. */
export interface WorkerSettings {
  /** Content of the ONNX file. */
  readonly model: Uint8Array;
  readonly runtime: Runtime;
  readonly pooling: Pooling;
}

/** What the thread answers: first that it is open, then one set of vectors per batch. */
export type WorkerAnswer =
  | { readonly kind: "opened"; readonly version: string }
  | { readonly kind: "embedded"; readonly vectors: Float32Array }
  | { readonly kind: "failed"; readonly error: WorkerFailure };

/** An error, which would lose its class on the way from thread to thread. */
export interface WorkerFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param: string | undefined;
}

const port = parentPort!;
const { model, runtime, pooling } = workerData as WorkerSettings;
const answer = (message: WorkerAnswer): void => port.postMessage(message);

function fail(cause: unknown): void {
  // What nobody expected ends the thread, and is reported with its stack by the one who started it.
  if (!NearvecError.isInstance(cause)) throw cause;
  answer({ kind: "failed", error: { code: cause.code, message: cause.message, param: cause.param } });
}

try {
  const ort = await importRuntime(runtime);
  const teacher = await OnnxTeacher.load(ort, model, pooling);
  port.on("message", (batch: TokenBatch) => {
    teacher.embed(batch).then((vectors) => answer({ kind: "embedded", vectors }), fail);
  });
  answer({ kind: "opened", version: ort.version });
} catch (error) {
  fail(error);
}
