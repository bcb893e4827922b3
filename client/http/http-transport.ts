/** Sends requests to a worker until one is answered: timeouts, retries, and errors that say what happened. */
import { NearvecError } from "../../shared/errors.ts";
import { answerError, requestIdOf } from "./answer-error.ts";
import { retryDelay } from "./retry-delay.ts";

/** Milliseconds that timers can count to: 2^31 - 1. */
const longestTimeout = 2_147_483_647;

export interface TransportOptions {
  /** Where the worker is, e.g. `https://nearvec.example.workers.dev`. A path in it is kept. */
  readonly baseUrl: string;
  /** Sent as a bearer token. */
  readonly apiKey?: string;
  /** Another fetch: that of a service binding, of a Hono app, of a test. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds for one try, from the request to the last byte of the answer; 30,000 if not given. */
  readonly timeoutMs?: number;
  /** Tries after the first; 2 if not given. */
  readonly retries?: number;
}

/** What can be said of a single call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
}

export interface HttpRequest<Result> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** JSON, printed. */
  readonly body?: string;
  /** Whether doing it twice does no more than doing it once. Only then is it sent again after it may have arrived. */
  readonly repeatable: boolean;
  /**
   * Takes the result out of the parsed answer, null where there is none.
   *
   * @throws Error with a message that says what was expected and what came
   */
  read(answer: unknown): Result;
}

/** How a try ended. */
type Outcome<Result> =
  | { readonly result: Result }
  | {
      readonly error: NearvecError;
      /** Whether another try can help: `if repeatable` where the worker may have done the work. */
      readonly retry: "yes" | "if repeatable" | "no";
      readonly retryAfter?: string | null;
    };

export class HttpTransport {
  readonly #options: Required<Omit<TransportOptions, "apiKey">> & Pick<TransportOptions, "apiKey">;

  /** @throws NearvecError invalid_request for options that cannot work. */
  constructor(options: TransportOptions) {
    const { apiKey, timeoutMs = 30_000, retries = 2 } = options;
    if (!(timeoutMs > 0 && timeoutMs <= longestTimeout)) {
      throw invalid("timeoutMs", `a number of milliseconds above 0, at most ${longestTimeout}`, timeoutMs);
    }
    if (!Number.isInteger(retries) || retries < 0) throw invalid("retries", "a whole number from 0", retries);
    // The key itself stays out of the message: messages end up in logs.
    if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
      throw invalid("apiKey", "printable ASCII characters without spaces", "others, or none");
    }
    this.#options = {
      ...options,
      baseUrl: checkedBaseUrl(options.baseUrl),
      timeoutMs,
      retries,
      // Browsers refuse a fetch that is called as a method of something else.
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    };
  }

  /**
   * @throws NearvecError as the worker reported it, or `connection_failed`, `timed_out`, `request_failed`,
   *   `answer_invalid`; the signal's reason if that was aborted
   */
  async send<Result>(request: HttpRequest<Result>, call: CallOptions = {}): Promise<Result> {
    for (let retry = 0; ; retry++) {
      call.signal?.throwIfAborted();
      const outcome = await this.#try(request, call);
      if ("result" in outcome) return outcome.result;
      const helps = outcome.retry === "yes" || (outcome.retry === "if repeatable" && request.repeatable);
      const delay =
        helps && retry < this.#options.retries ? retryDelay(retry, outcome.retryAfter ?? null) : null;
      if (delay === null) throw outcome.error;
      await pause(delay, call.signal);
    }
  }

  async #try<Result>(request: HttpRequest<Result>, call: CallOptions): Promise<Outcome<Result>> {
    const { baseUrl, timeoutMs, fetch } = this.#options;
    const name = `${request.method} ${baseUrl}${request.path}`;
    const timeout = AbortSignal.timeout(timeoutMs);
    const init = this.#init(request, call);
    const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
    let response: Response;
    let text: string;
    try {
      response = await fetch(baseUrl + request.path, { ...init, signal });
      text = await response.text();
    } catch (cause) {
      call.signal?.throwIfAborted();
      const error = timeout.aborted
        ? new NearvecError("timed_out", `Expected ${name} to be answered within ${timeoutMs} ms.`, { cause })
        : new NearvecError("connection_failed", `Expected ${name} to be answered: ${reasonOf(cause)}.`, {
            cause,
          });
      return { error, retry: "if repeatable" };
    }
    if (!response.ok) {
      const error = answerError(name, response, text);
      return { error, retry: retryOf(error), retryAfter: response.headers.get("retry-after") };
    }
    try {
      return { result: request.read(text === "" ? null : JSON.parse(text)) };
    } catch (cause) {
      const message = `Expected ${name} to be answered as by a nearvec worker: ${reasonOf(cause)}`;
      const details = { cause, requestId: requestIdOf(response) };
      return { error: new NearvecError("answer_invalid", message, details), retry: "if repeatable" };
    }
  }

  #init({ method, body }: HttpRequest<unknown>, call: CallOptions): RequestInit {
    const { apiKey } = this.#options;
    const headers = new Headers({ accept: "application/json" });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (apiKey !== undefined) headers.set("authorization", `Bearer ${apiKey}`);
    for (const [name, value] of Object.entries(call.headers ?? {})) {
      if (value !== undefined) headers.set(name, value);
    }
    return { method, headers, ...(body === undefined ? {} : { body }) };
  }
}

/** The URL without a slash at its end. */
function checkedBaseUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalid("baseUrl", "a URL that begins with http:// or https://", baseUrl);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalid("baseUrl", "a URL without user, query and fragment", url.origin + url.pathname);
  }
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

function retryOf({ status, code }: NearvecError): "yes" | "if repeatable" | "no" {
  // The request was turned away at the door.
  if (status === 429) return "yes";
  if (status === 408 || status === 425) return "if repeatable";
  // A model file that is broken stays broken.
  if (status === 500 && code !== "internal_error" && code !== "request_failed") return "no";
  return status >= 500 && status !== 501 ? "if repeatable" : "no";
}

/** What went wrong, as deep as it is told: fetch itself only says that it failed. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message} (${reasonOf(thrown.cause)})` : thrown.message;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", giveUp);
      resolve();
    }, milliseconds);
    const giveUp = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) giveUp();
    else signal?.addEventListener("abort", giveUp, { once: true });
  });
}

function invalid(param: string, expected: string, got: unknown): NearvecError {
  return new NearvecError("invalid_request", `Expected ${param} to be ${expected}, got ${String(got)}.`, {
    param,
  });
}
