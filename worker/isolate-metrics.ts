/** Counts over the life of an isolate, under the names of Text Embeddings Inference where it has them. */
import type { RequestWork } from "./request-work.ts";

/** What a gauge means, and what it says now. */
export type Gauge = readonly [help: string, value: number];

export class IsolateMetrics {
  readonly #successes = { single: 0, batch: 0 };
  readonly #failures = new Map<string, number>();
  #inputs = 0;
  #tokens = 0;
  #seconds = 0;
  #requests = 0;

  /** Counts a request that embedded something, or that failed. */
  add(work: RequestWork): void {
    const { failure } = work;
    if (failure !== undefined) this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    else if (work.inputs > 0) this.#successes[work.inputs === 1 ? "single" : "batch"]++;
    else return;
    this.#requests++;
    this.#inputs += work.inputs;
    this.#tokens += work.tokens;
    this.#seconds += work.totalMilliseconds / 1000;
  }

  /** Prints Prometheus' text format, version 0.0.4. */
  print(gauges: Readonly<Record<string, Gauge>>): string {
    const { single, batch } = this.#successes;
    const failures = [...this.#failures].map(([code, count]) => `te_request_failure{err="${code}"} ${count}`);
    const lines = [
      ...metric("te_request_count", "counter", "Requests that embedded something, or failed", [
        `te_request_count ${this.#requests}`,
      ]),
      ...metric("te_request_success", "counter", "Requests that embedded something", [
        `te_request_success{method="single"} ${single}`,
        `te_request_success{method="batch"} ${batch}`,
      ]),
      ...metric(
        "te_request_failure",
        "counter",
        "Requests that failed, by the code of their error",
        failures,
      ),
      ...metric(
        "te_request_duration",
        "summary",
        "Seconds per request; the clock stands still while computing",
        [`te_request_duration_sum ${this.#seconds}`, `te_request_duration_count ${this.#requests}`],
      ),
      ...metric("te_embed_success", "counter", "Texts embedded", [`te_embed_success ${this.#inputs}`]),
      ...metric("nearvec_tokens", "counter", "Tokens pooled", [`nearvec_tokens ${this.#tokens}`]),
      ...Object.entries(gauges).flatMap(([name, [help, value]]) =>
        metric(name, "gauge", help, [`${name} ${value}`]),
      ),
    ];
    return `${lines.join("\n")}\n`;
  }
}

function metric(name: string, type: string, help: string, samples: readonly string[]): string[] {
  return [`# HELP ${name} ${help}.`, `# TYPE ${name} ${type}`, ...samples];
}
