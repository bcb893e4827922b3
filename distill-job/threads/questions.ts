/** The far side of a thread: a script that answers questions, one at a time. */
import { parentPort } from "node:worker_threads";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";

/** What a thread sends back. An error is sent in parts, for it would lose its class on the way. */
export type Reply<Answer> =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "error"; readonly code: ErrorCode; readonly message: string; readonly param?: string };

/**
 * Answers every question that the thread is asked from now on. A NearvecError reaches the asker as what it
 * is; anything else ends the thread, and its stack is reported.
 */
export function answerQuestions<Question, Answer>(
  answer: (question: Question) => Answer | Promise<Answer>,
): void {
  const port = parentPort!;
  const reply = (message: Reply<Answer>): void => port.postMessage(message);
  port.on("message", async (question: Question) => {
    try {
      reply({ kind: "answer", answer: await answer(question) });
    } catch (error) {
      if (!NearvecError.isInstance(error)) throw error;
      const { code, message, param } = error;
      reply({ kind: "error", code, message, ...(param === undefined ? {} : { param }) });
    }
  });
}
