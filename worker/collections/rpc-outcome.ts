/** How an answer crosses from one isolate to another: of errors, RPC carries little more than the message. */
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";

export type RpcOutcome<Result> =
  | { readonly result: Result }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly param?: string } };

/** Does work and packs what comes of it. Errors that are not ours are thrown as they are: they are mistakes. */
export async function outcomeOf<Result>(work: () => Result | Promise<Result>): Promise<RpcOutcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!NearvecError.isInstance(error)) throw error;
    const { code, message, param } = error;
    return { error: { code, message, ...(param === undefined ? {} : { param }) } };
  }
}

/** Unpacks it. @throws NearvecError that was packed */
export function resultOf<Result>(outcome: RpcOutcome<Result>): Result {
  if ("result" in outcome) return outcome.result;
  const { code, message, param } = outcome.error;
  throw new NearvecError(code, message, param === undefined ? {} : { param });
}
