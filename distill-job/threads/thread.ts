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
    return new Promise((resolve, reject) => {
      const worker = this.#worker;
      const settle = (outcome: () => void): void => {
        worker.off("message", onReply).off("error", onError).off("exit", onExit);
        outcome();
      };
      const onReply = (reply: Reply<Answer>): void =>
        settle(() => {
          if (reply.kind === "answer") resolve(reply.answer);
          else reject(new NearvecError(reply.code, reply.message, reply));
        });
      const onError = (error: unknown): void => settle(() => reject(error));
      const onExit = (): void =>
        settle(() => reject(new NearvecError("internal_error", "A thread ended before it answered.")));
      worker.once("message", onReply).once("error", onError).once("exit", onExit).postMessage(question);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
