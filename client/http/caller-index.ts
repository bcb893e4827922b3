/** Errors of one request of several, told by the indices of everything that its caller passed. */
import { NearvecError } from "../../shared/errors.ts";

/** `input[3]` of a request that begins with the caller's element 2048 is `input[2051]`. */
export function shiftIndex(text: string, field: "input" | "documents", start: number): string {
  const pattern = new RegExp(`\\b${field}\\[(\\d+)\\]`, "g");
  return text.replaceAll(pattern, (_, index) => `${field}[${Number(index) + start}]`);
}

/** The same error with the caller's indices, where it has any. */
export function asOfCaller(error: unknown, field: "input" | "documents", start: number): unknown {
  if (start === 0 || !NearvecError.isInstance(error) || !error.param?.startsWith(`${field}[`)) return error;
  return new NearvecError(error.code, shiftIndex(error.message, field, start), {
    param: shiftIndex(error.param, field, start),
    status: error.status,
    requestId: error.requestId,
    cause: error,
  });
}
