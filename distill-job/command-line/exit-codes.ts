/** What the exit code of a command says. */
import { CommanderError } from "commander";
import { NearvecError } from "../../shared/errors.ts";

export const exitCodes = {
  success: 0,
  /** The command could not do what it was told, or found what it was to check not to hold. */
  failure: 1,
  /** The command line itself is wrong: nothing has been begun. */
  usage: 2,
} as const;

/** For `--help`. A command that a signal ends leaves 128 and the signal's number to the shell, by itself. */
export const exitCodesHelp = `Exit codes: 0 success, 1 failure, 2 a mistake in the command line, 130 Ctrl-C.
With --json a result is one line of JSON on stdout, and an error one on stderr:
{"error": {"code", "message", "param"}}. NO_COLOR=1 turns colours off.`;

/** The exit code that belongs to what a command threw. */
export function exitCodeOf(error: unknown): number {
  // Help and version, too, are thrown, with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  if (NearvecError.isInstance(error) && error.code === "invalid_arguments") return exitCodes.usage;
  return exitCodes.failure;
}

/** The error for options that are right one by one, but not together. */
export function usageMistake(message: string, param: string): NearvecError {
  return new NearvecError("invalid_arguments", message, { param });
}
