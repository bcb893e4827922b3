/** The near side of a thread that answers questions, one at a time. */
import { Worker } from "node:worker_threads";
import { NearvecError } from "../../shared/errors.ts";
import type { Reply } from "./questions.ts";

export class Thread<Question, Answer> {
  readonly #worker: Worker;

  /** @param script a file that calls `answerQuestions` */
  constructor(script: URL) {
    this.#worker = new Worker(script);
  }

  /**
   * Asks, and waits for the answer before anything else may be asked.
   * @throws NearvecError what the thread threw
   */
  ask(question: Question): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const onReply = (reply: Reply<Answer>): void => {
      if (reply.kind === "answer") resolve(reply.answer);
      else reject(new NearvecError(reply.code, reply.message, reply));
    };
    const onExit = (): void =>
      reject(new NearvecError("internal_error", "A thread ended before it answered."));
    const worker = this.#worker.once("message", onReply).once("error", reject).once("exit", onExit);
    worker.postMessage(question);
    return promise.finally(() => worker.off("message", onReply).off("error", reject).off("exit", onExit));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
