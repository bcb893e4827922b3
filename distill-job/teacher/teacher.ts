/**
 * A transformer that turns token ids into one vector per sequence, on one thread per core.
 *
 * Whole batches go to whole cores: faster than one session with as many threads, which wait for each other
 * after every operator, and the same bits however many threads there are.
 */
import { availableParallelism } from "node:os";
import { NearvecError } from "../../shared/errors.ts";
import type { Pooling } from "./pooling.ts";
import type { Runtime } from "./runtime.ts";
import { TeacherThread } from "./teacher-thread.ts";
import type { WorkerSettings } from "./teacher-worker.ts";
import type { TokenBatch } from "./token-batch.ts";

export interface Teacher {
  /** Name and version of what it runs on: `onnxruntime-web 1.30.0`. */
  readonly runtime: string;
  /** Batches that it takes at the same time. */
  readonly concurrency: number;
  /** @returns one vector per row of the batch, one after the other */
  embed(batch: TokenBatch): Promise<Float32Array>;
  /** Ends the threads. */
  close(): Promise<void>;
}

export interface TeacherOptions {
  readonly runtime: Runtime;
  readonly pooling: Pooling;
  /** Threads; one per core, and no more than 8, if not given. */
  readonly threads?: number | undefined;
}

/** Threads unless told otherwise, at most: each holds the whole model. */
const maxDefaultThreads = 8;

/**
 * @param onnx content of the ONNX file
 * @throws NearvecError teacher_invalid, or invalid_request if the runtime is not installed
 */
export async function openTeacher(onnx: Uint8Array, options: TeacherOptions): Promise<Teacher> {
  const { runtime, pooling, threads = Math.min(availableParallelism(), maxDefaultThreads) } = options;
  // Shared by the threads instead of copied for each.
  const model = new Uint8Array(new SharedArrayBuffer(onnx.length));
  model.set(onnx);
  const all = await startAll(threads, { model, runtime, pooling });
  const idle = [...all];
  return {
    runtime: all[0]!.version,
    concurrency: threads,
    async embed(batch) {
      const thread = idle.pop();
      if (thread === undefined)
        throw new NearvecError("internal_error", `Expected at most ${threads} batches at once.`);
      const vectors = await thread.embed(batch);
      idle.push(thread);
      return vectors;
    },
    async close() {
      await Promise.all(all.map((thread) => thread.stop()));
    },
  };
}

/** Starts threads; if one of them cannot, ends the others and says why. */
async function startAll(count: number, settings: WorkerSettings): Promise<TeacherThread[]> {
  const starts = Array.from({ length: count }, () => TeacherThread.start(settings));
  try {
    return await Promise.all(starts);
  } catch (error) {
    const outcomes = await Promise.allSettled(starts);
    await Promise.all(outcomes.map((outcome) => outcome.status === "fulfilled" && outcome.value.stop()));
    throw error;
  }
}
