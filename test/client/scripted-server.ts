/** A server on loopback that answers each request as a script says, however badly. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { encodeFloatsAsBase64 } from "../../shared/api/base64.ts";

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Answers one request, or does not. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void;

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Requests under way at once, at most. */
  readonly mostAtOnce: () => number;
  /** What the coming requests meet, in their order; the last goes on for ever. */
  script(...behaviours: Behaviour[]): void;
}

export async function startScriptedServer(): Promise<ScriptedServer> {
  let behaviours: Behaviour[] = [];
  let underWay = 0;
  let most = 0;
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    most = Math.max(most, ++underWay);
    response.on("close", () => underWay--);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of incoming) pieces.push(piece);
    } catch {
      // The client gave up in the middle of its request.
      return;
    }
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(pieces).toString() };
    requests.push(request);
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    behaviour?.(response, request);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mostAtOnce: () => most,
    script: (...next) => {
      behaviours = next;
      requests.length = 0;
      most = 0;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_1", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** The worker's own error object. */
export function refusal(status: number, code: string, headers?: Record<string, string>): Behaviour {
  return answer(
    status,
    { error: { message: `It is ${code}.`, type: "server_error", param: null, code } },
    headers,
  );
}

/** Closes the connection without a word. */
export const hangUp: Behaviour = (response) => response.destroy();

/** Takes the request and never says anything. */
export const silence: Behaviour = () => {};

/** Begins the right answer, and breaks off. */
export const halfABody: Behaviour = (response, request) => {
  const text = JSON.stringify(embeddingsOf(request));
  response.writeHead(200, { "content-length": text.length });
  response.write(text.slice(0, text.length / 2), () => response.destroy());
};

/** Passes a request on to a worker, and the answer back: all of it, or half. */
export function forward(workerUrl: string, part: "all" | "half" = "all"): Behaviour {
  return async (response, { method, url, headers, body }) => {
    const { host, connection, "content-length": _, ...others } = headers;
    const answered = await fetch(workerUrl + url, {
      method,
      headers: others as Record<string, string>,
      ...(body === "" ? {} : { body }),
    });
    const bytes = new Uint8Array(await answered.arrayBuffer());
    response.writeHead(answered.status, {
      "content-type": answered.headers.get("content-type") ?? "",
      "content-length": bytes.length,
    });
    if (part === "all") response.end(bytes);
    else response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  };
}

/** Each text's vector is its length, and 1. */
export const embed: Behaviour = (response, request) => answer(200, embeddingsOf(request))(response, request);

interface Answer {
  data: { index: unknown; embedding: unknown }[];
  model: unknown;
  usage: unknown;
}

/** Answers as `embed` does, after something has been done to it. */
export function tampered(tamper: (answer: Answer) => void): Behaviour {
  return (response, request) => {
    const body = embeddingsOf(request);
    tamper(body);
    answer(200, body)(response, request);
  };
}

function embeddingsOf(request: ReceivedRequest): Answer {
  const { input } = JSON.parse(request.body) as { input: string[] };
  return {
    data: input.map((text, index) => ({ index, embedding: base64([text.length, 1]) })),
    model: "scripted",
    usage: { prompt_tokens: input.length, total_tokens: input.length },
  };
}

export function base64(values: readonly number[]): string {
  return encodeFloatsAsBase64(Float32Array.from(values));
}
