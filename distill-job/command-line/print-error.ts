/** How a command's error reaches its user: a line for people, or a line of JSON for programs. */
import type { Writable } from "node:stream";
import { type ErrorCode, NearvecError } from "../../shared/errors.ts";

/** What `--json` prints of an error. */
export interface PrintedError {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly param: string | null };
}

/** Whether a command line asks for JSON. */
export function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** Prints an error that is one of ours, or a mistake in the arguments; a stack only of what should not happen. */
export function printError(error: unknown, json: boolean, out: Writable): void {
  if (json) {
    out.write(`${JSON.stringify(printedError(error))}\n`);
  } else if (NearvecError.isInstance(error)) {
    out.write(`nearvec: ${error.message}\n`);
  } else {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    out.write(`nearvec: this should not have happened, please report it:\n${stack}\n`);
  }
}

function printedError(error: unknown): PrintedError {
  if (NearvecError.isInstance(error)) {
    const { code, message, param = null } = error;
    return { error: { code, message, param } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: "internal_error", message, param: null } };
}
