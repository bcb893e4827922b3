#!/usr/bin/env node
/** The `nearvec` command line: parses the arguments, runs one command, prints its error in one line. */
import { CommanderError } from "commander";
import { endQuietlyWithReader } from "./command-line/broken-pipe.ts";
import { wordsToComplete } from "./command-line/complete-request.ts";
import { exitCodeOf } from "./command-line/exit-codes.ts";
import { asksForJson, printError } from "./command-line/print-error.ts";
import { makeProgram } from "./command-line/program.ts";

const args = process.argv.slice(2);
endQuietlyWithReader();
try {
  const words = wordsToComplete(args);
  const program = await makeProgram(words ?? args);
  if (words === null) await program.parseAsync(args, { from: "user" });
  else (await import("./completion/completions.ts")).printCompletions(program, words);
} catch (error) {
  // Commander has printed its own already.
  if (!(error instanceof CommanderError)) printError(error, asksForJson(args), process.stderr);
  process.exitCode = exitCodeOf(error);
}
