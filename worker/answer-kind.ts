/** Answers of one kind, whose headers are made once. */
import type { AppContext } from "./environment.ts";

/**
 * In workerd reading a record of headers, and setting two more on the answer, takes as long as embedding a text. A
 * Response copies the Headers that it is made with, so that one object serves all requests.
 *
 * @example
 * ```ts
 * const json = new AnswerKind({ "content-type": "application/json" });
 * route(app, "/v1/answers", { GET: (c) => json.answer(c, '{"answer":42}') });
 * ```
 */
export class AnswerKind {
  readonly #headers: Headers;
  /** What they say of time. It is mostly the same: Cloudflare's clock stands still while a Worker computes. */
  #timing = "";

  /** @param headers What all of them have, beside the request's id and its timing. */
  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = new Headers(headers);
  }

  /** Answers 200. What `c.header()` has noted is not in it. */
  answer(c: AppContext, body: Uint8Array<ArrayBuffer> | string): Response {
    const work = c.get("work");
    const headers = this.#headers;
    headers.set("x-request-id", work.requestId);
    const timing = work.serverTiming();
    if (timing !== this.#timing) {
      headers.set("server-timing", timing);
      this.#timing = timing;
    }
    work.answer = new Response(body, { headers });
    return work.answer;
  }
}

export const jsonAnswer = new AnswerKind({ "content-type": "application/json" });
