/** How fast a worker answers, as seen from this machine. */
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { text as readText } from "node:stream/consumers";
import { NearvecError } from "../../shared/errors.ts";
import { quantile } from "./quantile.ts";
import { sampleTexts } from "./sample-texts.ts";

export interface RequestSpeed {
  readonly request: string;
  readonly textsPerRequest: number;
  readonly requests: number;
  /** Requests that were not answered with 200, and what the first of them was answered. */
  readonly errors: number;
  readonly firstError: string | null;
  readonly requestsPerSecond: number;
  readonly textsPerSecond: number;
  /** Milliseconds of a request. */
  readonly latency: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
}

export interface WorkerSpeed {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly requests: readonly RequestSpeed[];
}

export interface WorkerMeasurement {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly model: string | undefined;
  /** For each kind of request. */
  readonly seconds: number;
  readonly connections: number;
}

const kinds = [
  { request: "one sentence", textsPerRequest: 1 },
  { request: "256 sentences", textsPerRequest: 256 },
] as const;
const sentenceCharacters = 100;

/** @throws NearvecError connection_failed, request_failed if not even the first request is answered */
export async function measureWorker(measurement: WorkerMeasurement): Promise<WorkerSpeed> {
  const { url, connections, seconds } = measurement;
  const requests: RequestSpeed[] = [];
  for (const kind of kinds) requests.push(await measureRequests(measurement, kind));
  return { url, connections, seconds, requests };
}

async function measureRequests(
  { url, apiKey, model, seconds, connections }: WorkerMeasurement,
  { request, textsPerRequest }: (typeof kinds)[number],
): Promise<RequestSpeed> {
  const input = sampleTexts(sentenceCharacters, textsPerRequest);
  const body = JSON.stringify({
    input,
    encoding_format: "base64",
    ...(model === undefined ? {} : { model }),
  });
  const target = new URL(`${url.replace(/\/+$/, "")}/v1/embeddings`);
  const ask = asker(target, connections, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
  });
  try {
    // The first one loads the model, and tells whether there is anything to measure.
    const first = await ask.send(body).catch((cause: Error) => {
      throw new NearvecError(
        "connection_failed",
        `Expected POST ${target} to be answered: ${cause.message}. Start a worker with \`nearvec dev\`, or name another with --url.`,
        { param: "url", cause },
      );
    });
    if (first.status !== 200) {
      throw new NearvecError(
        "request_failed",
        `Expected POST ${target} to be answered with 200, got ${first.status}: ${first.text.slice(0, 200)}`,
        { param: "url", status: first.status },
      );
    }
    const latencies: number[] = [];
    let errors = 0;
    let firstError: string | null = null;
    const started = performance.now();
    const until = started + seconds * 1000;
    const connection = async (): Promise<void> => {
      while (performance.now() < until) {
        const sent = performance.now();
        const outcome = await ask.send(body).then(
          ({ status, text }) => (status === 200 ? null : `${status}: ${text.slice(0, 200)}`),
          (error: Error) => error.message,
        );
        if (outcome === null) latencies.push(performance.now() - sent);
        else {
          errors++;
          firstError ??= outcome;
        }
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
    const perSecond = latencies.length / ((performance.now() - started) / 1000);
    return {
      ...{ request, textsPerRequest, requests: latencies.length, errors, firstError },
      requestsPerSecond: Math.round(perSecond * 10) / 10,
      textsPerSecond: Math.round(perSecond * textsPerRequest),
      latency: {
        p50: milliseconds(quantile(latencies, 0.5)),
        p90: milliseconds(quantile(latencies, 0.9)),
        p99: milliseconds(quantile(latencies, 0.99)),
        max: milliseconds(quantile(latencies, 1)),
      },
    };
  } finally {
    ask.close();
  }
}

/** Requests over connections that stay open: node:http takes half of the time that fetch does. */
function asker(url: URL, connections: number, headers: Record<string, string>) {
  const secure = url.protocol === "https:";
  const agent = secure
    ? new HttpsAgent({ keepAlive: true, maxSockets: connections })
    : new HttpAgent({ keepAlive: true, maxSockets: connections });
  const start = secure ? httpsRequest : httpRequest;
  const send = (body: string): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const request = start(url, { method: "POST", agent, headers, timeout: 30_000 }, (response) => {
        readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
      });
      request.once("timeout", () => request.destroy(new Error("no answer within 30 s")));
      request.once("error", reject);
      request.end(body);
    });
  return { send, close: () => agent.destroy() };
}

function milliseconds(value: number): number {
  return Math.round(value * 100) / 100;
}
