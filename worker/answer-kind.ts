/** Answers of one kind, whose headers are made once. */
import type { AppContext } from "./environment.ts";

export class AnswerKind {
  readonly #headers: Headers;
  readonly #init: ResponseInit;
  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = new Headers(headers);
    this.#init = { headers: this.#headers };
  }
  answer(c: AppContext, body: Uint8Array<ArrayBuffer> | string): Response {
    const work = c.get("work");
    this.#headers.set("x-request-id", work.requestId);
    this.#headers.set("server-timing", work.serverTiming());
    const response = new Response(body, this.#init);
    work.answer = response;
    return response;
  }
}
export const jsonAnswers = new AnswerKind({ "content-type": "application/json" });
