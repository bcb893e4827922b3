/**
 * The one error class of nearvec, and every code it can carry.
 *
 * A message says what was expected, what came, and what to do about it.
 */

/** Every error code with the HTTP status that it is answered with. */
export const errorStatus = {
  // The caller's mistakes.
  invalid_request: 400,
  invalid_json: 400,
  /** Of the command line. */
  invalid_arguments: 400,
  empty_input: 400,
  too_many_inputs: 400,
  not_supported: 400,
  not_found: 404,
  model_not_found: 404,
  collection_not_found: 404,
  document_not_found: 404,
  method_not_allowed: 405,
  collection_exists: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  // A model file, tokenizer or teacher that cannot be used as it is.
  artifact_invalid: 500,
  artifact_truncated: 500,
  artifact_corrupt: 500,
  artifact_version_unsupported: 500,
  model_too_large: 500,
  tokenizer_unsupported: 500,
  teacher_invalid: 500,
  // What an upload can meet at the bucket.
  storage_access_denied: 403,
  bucket_not_found: 404,
  upload_conflict: 409,
  // What a deployment can meet at Cloudflare.
  account_access_denied: 403,
  worker_name_taken: 409,
  deployment_failed: 502,
  // Ours, or the platform's.
  internal_error: 500,
  storage_unavailable: 503,
  model_memory_busy: 503,
  collections_unavailable: 501,
  collection_too_large: 500,
  collection_memory_busy: 503,
  // What a client meets on the way to a worker; `request_failed` is an answer without our error body.
  request_failed: 500,
  answer_invalid: 502,
  connection_failed: 503,
  timed_out: 504,
} as const;

/** What went wrong, as a stable machine-readable name. */
export type ErrorCode = keyof typeof errorStatus;

export interface NearvecErrorOptions {
  readonly param?: string | undefined;
  readonly cause?: unknown;
  /** The status that an answer really had; the one that belongs to the code if not given. */
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
}

const marker = Symbol.for("nearvec.error");

/**
 * Every error that nearvec throws on purpose.
 *
 * @example
 * ```ts
 * try {
 *   await StaticModel.load(bytes);
 * } catch (error) {
 *   if (NearvecError.isInstance(error) && error.code === "artifact_truncated") downloadAgain();
 * }
 * ```
 */
export class NearvecError extends Error {
  override readonly name = "NearvecError";
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code, or that the answer had. */
  readonly status: number;
  /** The request field, option or file that the error is about. */
  readonly param: string | undefined;
  /** The request that the error answers, where a worker did: its logs name it. */
  readonly requestId: string | undefined;
  readonly [marker] = true;

  constructor(code: ErrorCode, message: string, options: NearvecErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? errorStatus[code];
    this.param = options.param;
    this.requestId = options.requestId;
  }

  /** Recognizes a NearvecError even if two copies of this package are loaded. */
  static isInstance(error: unknown): error is NearvecError {
    return typeof error === "object" && error !== null && (error as { [marker]?: unknown })[marker] === true;
  }
}
