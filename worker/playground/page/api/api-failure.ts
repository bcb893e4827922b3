/** Why a request failed: what the worker said, whichever of its APIs it was speaking. */

export interface FailureFacts {
  /** 0 if there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly requestId: string | null;
}

export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly requestId: string | null;

  constructor(message: string, { status, code, param, requestId }: FailureFacts) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param;
    this.requestId = requestId;
  }
}

/** What an answer that is not 2xx says. */
export function failureOf(response: Response, text: string): ApiFailure {
  const { status } = response;
  const requestId = response.headers.get("x-request-id");
  try {
    const { error, error_type: type } = JSON.parse(text) as {
      error?: string | { message: string; code: string; param: string | null };
      error_type?: string;
    };
    if (typeof error === "string") {
      return new ApiFailure(error, { status, code: type ?? "", param: null, requestId });
    }
    if (typeof error?.message === "string") {
      const { message, code, param } = error;
      return new ApiFailure(message, { status, code, param, requestId });
    }
  } catch {
    // Not ours: something between the page and the worker answered.
  }
  const message = `Expected an answer of the worker, got ${status} ${response.statusText}`.trimEnd();
  return new ApiFailure(`${message}.`, { status, code: "", param: null, requestId });
}
