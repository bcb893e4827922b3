/** `fetch` for the hub: sends the token to the endpoint alone, tries again in passing trouble, throws our errors. */
import { setTimeout as sleep } from "node:timers/promises";
import { isWorthRetrying } from "../network-failure.ts";
import type { HubAccess } from "./hub-access.ts";
import { refused, unreachable } from "./hub-errors.ts";

/** Milliseconds to wait before the second and the third attempt. */
const retryDelays = [400, 1200];

/** Longer than this, waiting is for the user to decide. */
const maxRetryAfterSeconds = 20;

/** Bytes handed to the network at a time, which is how fine the progress is. */
const bytesPerPiece = 256 * 1024;

/**
 * Makes a `fetch` for the library and for our own downloads.
 *
 * A response of the endpoint is one of the 2xx, everything else is thrown; responses of other hosts, which
 * only the library asks, are its own business. A redirect to another host does not get the token: `fetch`
 * takes it off.
 *
 * @param onSent called with the bytes of a file that are handed to the network, as they are
 */
export function hubFetch(access: HubAccess, onSent: (bytes: number) => void = () => {}): typeof fetch {
  const isEndpoint = (url: URL): boolean => url.origin === new URL(access.endpoint).origin;
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = init.method ?? "GET";
    const request = `${method} ${decodeURIComponent(url.pathname)}`;
    const headers = tokenFor(isEndpoint(url), new Headers(init.headers), access.token);
    // A second commit after one whose answer was lost would be a commit too many.
    const repeatable = !/\/commit\//.test(url.pathname);
    for (const delay of [...retryDelays, null]) {
      let response: Response;
      try {
        response = await fetch(url, { ...init, headers, ...streamed(init.body, headers, onSent) });
      } catch (cause) {
        const again = delay !== null && repeatable && isWorthRetrying(cause) && !init.signal?.aborted;
        if (!again) throw unreachable(cause, request, access);
        await sleep(delay);
        continue;
      }
      if (response.ok) return response;
      const wait = secondsToWait(response, repeatable);
      if (wait === null || delay === null) {
        if (isEndpoint(url)) throw await refused(response, request, access);
        return response;
      }
      await response.body?.cancel();
      await sleep(Math.max(delay, wait * 1000));
    }
    throw new Error("Expected the last attempt to have returned or thrown.");
  };
}

/** The storage behind the hub has tokens of its own, which stay as they are. */
function tokenFor(isEndpoint: boolean, headers: Headers, token: string | undefined): Headers {
  if (token === undefined) return headers;
  const authorization = `Bearer ${token}`;
  if (!isEndpoint && headers.get("authorization") === authorization) headers.delete("authorization");
  if (isEndpoint && !headers.has("authorization")) headers.set("authorization", authorization);
  return headers;
}

/** @returns seconds to wait before trying again, 0 for as long as usual, null for not at all */
function secondsToWait({ status, headers }: Response, repeatable: boolean): number | null {
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? 0);
    return seconds <= maxRetryAfterSeconds ? seconds : null;
  }
  return status >= 500 && repeatable ? 0 : null;
}

/** Files go out in pieces, to tell how far they are; the storage wants their length in advance. */
function streamed(
  body: RequestInit["body"],
  headers: Headers,
  onSent: (bytes: number) => void,
): Partial<RequestInit> {
  const content = body instanceof Uint8Array ? new Blob([body as Uint8Array<ArrayBuffer>]) : body;
  if (!(content instanceof Blob)) return {};
  headers.set("content-length", String(content.size));
  // Node's fetch takes any async iterable and wants `duplex`; the types know of neither.
  return { body: pieces(content, onSent) as unknown as ReadableStream, duplex: "half" } as RequestInit;
}

async function* pieces(body: Blob, onSent: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  let sent = 0;
  try {
    for (let start = 0; start < body.size; start += bytesPerPiece) {
      const piece = new Uint8Array(await body.slice(start, start + bytesPerPiece).arrayBuffer());
      yield piece;
      sent += piece.length;
      onSent(piece.length);
    }
  } finally {
    // What a broken attempt has sent will be sent again.
    if (sent < body.size) onSent(-sent);
  }
}
