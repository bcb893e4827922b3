/**
 * A transformer that turns token ids into one vector per sequence, on one thread per core.
 *
 * Whole batches go to whole cores: faster than one session with as many threads, which wait for each other
 * after every operator, and the same bits however many threads there are.
 */
import { scriptBeside } from "../threads/script-beside.ts";
import { defaultThreads, ThreadPool } from "../threads/thread-pool.ts";
import type { ExternalData } from "./external-data.ts";
import type { Pooling } from "./pooling.ts";
import type { Runtime } from "./runtime.ts";
import type { TeacherAnswer, TeacherQuestion } from "./teacher-worker.ts";
import type { TokenBatch } from "./token-batch.ts";

export interface Teacher {
  /** Name and version of what it runs on: `onnxruntime-web 1.30.0`. */
  readonly runtime: string;
  /** Batches that it works on at the same time. */
  readonly concurrency: number;
  /** @returns one vector per row of the batch, one after the other */
  embed(batch: TokenBatch): Promise<Float32Array>;
  /** Ends the threads. */
  close(): Promise<void>;
}

export interface TeacherOptions {
  readonly runtime: Runtime;
  readonly pooling: Pooling;
  /** Threads; one per core if not given. */
  readonly threads?: number | undefined;
}

/** What a teacher's session is made of. */
export interface TeacherModel {
  /** Content of the ONNX file. */
  readonly onnx: Uint8Array;
  readonly externalData: readonly ExternalData[];
}

/**
 * @throws NearvecError teacher_invalid, or invalid_request if the runtime is not installed
 */
export async function openTeacher(
  { onnx, externalData }: TeacherModel,
  options: TeacherOptions,
): Promise<Teacher> {
  const { runtime, pooling, threads = defaultThreads() } = options;
  const model = shared(onnx);
  const weights = externalData.map(({ path, data }) => ({ path, data: shared(data) }));
  const script = scriptBeside(import.meta.url, "teacher-worker");
  const pool = new ThreadPool<TeacherQuestion, TeacherAnswer>(script, threads);
  try {
    const [version] = await pool.askEach({ kind: "open", model, weights, runtime, pooling });
    return {
      runtime: version as string,
      concurrency: threads,
      embed: async (batch) => (await pool.ask({ kind: "embed", batch })) as Float32Array,
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** For the threads to read, instead of a copy for each. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
