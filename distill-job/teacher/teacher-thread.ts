/** The near side of a `teacher-worker.ts`: asks one thing at a time, waits for the answer. */
import { Worker } from "node:worker_threads";
import { NearvecError } from "../../shared/errors.ts";
import type { WorkerAnswer, WorkerSettings } from "./teacher-worker.ts";
import type { TokenBatch } from "./token-batch.ts";

export class TeacherThread {
  readonly #worker: Worker;
  /** Name and version of the runtime. */
  readonly version: string;

  private constructor(worker: Worker, version: string) {
    this.#worker = worker;
    this.version = version;
  }

  /** @throws NearvecError teacher_invalid, or invalid_request if the runtime is not installed */
  static async start(settings: WorkerSettings): Promise<TeacherThread> {
    const worker = new Worker(new URL("./teacher-worker.ts", import.meta.url), { workerData: settings });
    try {
      const { version } = await answerOf(worker, "opened");
      return new TeacherThread(worker, version);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** @throws NearvecError teacher_invalid */
  async embed(batch: TokenBatch): Promise<Float32Array> {
    this.#worker.postMessage(batch);
    return (await answerOf(this.#worker, "embedded")).vectors;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

type AnswerOf<Kind> = Extract<WorkerAnswer, { kind: Kind }>;

function answerOf<Kind extends WorkerAnswer["kind"]>(worker: Worker, kind: Kind): Promise<AnswerOf<Kind>> {
  const { promise, resolve, reject } = Promise.withResolvers<AnswerOf<Kind>>();
  const onMessage = (answer: WorkerAnswer): void => {
    if (answer.kind === kind) resolve(answer as AnswerOf<Kind>);
    else reject(errorOf(answer, kind));
  };
  const onExit = (): void => reject(new NearvecError("internal_error", "The teacher's thread ended early."));
  worker.once("message", onMessage).once("error", reject).once("exit", onExit);
  return promise.finally(() => {
    worker.off("message", onMessage).off("error", reject).off("exit", onExit);
  });
}

function errorOf(answer: WorkerAnswer, expected: string): NearvecError {
  if (answer.kind !== "failed") {
    return new NearvecError("internal_error", `Expected the answer ${expected}, got ${answer.kind}.`);
  }
  const { code, message, param } = answer.error;
  return new NearvecError(code, message, param === undefined ? {} : { param });
}
