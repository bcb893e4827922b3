/** The four calls of the S3 API that an upload makes, the same for R2 and for the local endpoint of wrangler dev. */
import { setTimeout as sleep } from "node:timers/promises";
import { AwsClient } from "aws4fetch";
import type { NearvecError } from "../../shared/errors.ts";
import { isWorthRetrying } from "../network-failure.ts";
import type { BucketAccess } from "./bucket-access.ts";
import type { ModelBucket, ObjectHead, PutOptions } from "./model-bucket.ts";
import { refused, unreachable } from "./s3-errors.ts";

/** Milliseconds to wait before the second and the third attempt. */
const retryDelays = [400, 1200];

/** Bytes handed to the network at a time, which is how fine the progress is. */
const bytesPerPiece = 256 * 1024;

export class S3Bucket implements ModelBucket {
  readonly access: BucketAccess;
  readonly #client: AwsClient;

  constructor(access: BucketAccess) {
    this.access = access;
    // Retries are ours: aws4fetch repeats ten times and knows nothing of refused connections.
    this.#client = new AwsClient({ ...access, service: "s3", region: "auto", retries: 0 });
  }

  /** Size and etag of an object; null if it is not there. A missing bucket looks the same to HEAD. */
  async head(key: string): Promise<ObjectHead | null> {
    const response = await this.#send("HEAD", key);
    if (response.status === 404) return null;
    return {
      bytes: Number(response.headers.get("content-length")),
      etag: response.headers.get("etag") ?? "",
    };
  }

  /** Content and etag of a small object; null if it is not there. */
  async get(key: string): Promise<{ readonly text: string; readonly etag: string } | null> {
    const response = await this.#send("GET", key);
    const text = await response.text();
    if (response.status === 404) return null;
    return { text, etag: response.headers.get("etag") ?? "" };
  }

  /** Stores an object; false if `expectedEtag` did not hold. */
  async put(key: string, body: Uint8Array, options: PutOptions): Promise<boolean> {
    const condition: Record<string, string> =
      options.expectedEtag === undefined
        ? {}
        : options.expectedEtag === null
          ? { "if-none-match": "*" }
          : { "if-match": options.expectedEtag };
    const headers = { "x-amz-content-sha256": options.sha256, ...condition };
    const response = await this.#send(
      "PUT",
      key,
      headers,
      () => pieces(body, options.onProgress),
      body.byteLength,
    );
    await response.body?.cancel();
    return response.status !== 412;
  }

  /**
   * Signs and sends one request, and again if the network or the server failed in passing.
   *
   * @returns A response with status 2xx, 404 "no such key" or 412.
   * @throws NearvecError for everything else.
   */
  async #send(
    method: string,
    key: string,
    headers: Record<string, string> = {},
    body?: () => AsyncIterable<Uint8Array>,
    bodyBytes = 0,
  ): Promise<Response> {
    const url = `${this.access.endpoint}/${this.access.bucket}/${key}`;
    let failure: NearvecError | undefined;
    for (const delay of [0, ...retryDelays]) {
      await sleep(delay);
      const signed = await this.#client.sign(url, { method, headers });
      try {
        const response = await fetch(signed.url, {
          method,
          headers: signed.headers,
          ...(body === undefined ? {} : streamedBody(signed.headers, body(), bodyBytes)),
        });
        const refusal = await refused(response, method, key, this.access);
        if (refusal === undefined) return response;
        failure = refusal;
        if (response.status < 500) break;
      } catch (cause) {
        failure = unreachable(cause, method, key, this.access);
        if (!isWorthRetrying(cause)) break;
      }
    }
    throw failure!;
  }
}

/** S3 wants the length in advance; with the header set, fetch sends the stream without chunked encoding. */
function streamedBody(headers: Headers, body: AsyncIterable<Uint8Array>, bytes: number): RequestInit {
  headers.set("content-length", String(bytes));
  // Node's fetch takes any async iterable and wants `duplex`; the types know of neither.
  return { body: body as unknown as ReadableStream, duplex: "half" } as RequestInit;
}

async function* pieces(
  body: Uint8Array,
  onProgress: ((sentBytes: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < body.byteLength; start += bytesPerPiece) {
    yield body.subarray(start, start + bytesPerPiece);
    onProgress?.(Math.min(start + bytesPerPiece, body.byteLength));
  }
}
