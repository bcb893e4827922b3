/** How an answer crosses from one isolate to another: of errors, RPC carries little more than the message. */
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";
import type { CollectionIdentity } from "./collection-store.ts";

export type RpcOutcome<Result> =
  | { readonly result: Result }
  /** The collection is sharded: its shards are to be asked. */
  | { readonly sharded: CollectionIdentity }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly param?: string } };

/** Does work and packs the error that it throws. Errors that are not ours are thrown as they are: they are mistakes. */
export async function outcomeOf<Result>(
  work: () => Promise<RpcOutcome<Result>>,
): Promise<RpcOutcome<Result>> {
  try {
    return await work();
  } catch (error) {
    if (!NearvecError.isInstance(error)) throw error;
    const { code, message, param } = error;
    return { error: { code, message, ...(param === undefined ? {} : { param }) } };
  }
}

/** @throws NearvecError that was packed */
export function unpackError<Result>(
  outcome: RpcOutcome<Result>,
): Exclude<RpcOutcome<Result>, { error: unknown }> {
  if (!("error" in outcome)) return outcome;
  const { code, message, param } = outcome.error;
  throw new NearvecError(code, message, param === undefined ? {} : { param });
}
