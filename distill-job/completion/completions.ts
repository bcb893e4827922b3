/** How the last of some words may go on: commands, options, their choices; or a file, which the shell knows best. */
import { ShellCompDirective } from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command, Option } from "commander";
import { completeCommandName } from "../command-line/complete-request.ts";

/**
 * Prints a candidate a line, and in the last one what else the shell is to do.
 *
 * @param words as they follow `nearvec`; the last one is empty where a new one begins
 */
export function printCompletions(program: Command, words: readonly string[]): void {
  if (wantsFile(program, words)) console.log(`:${ShellCompDirective.ShellCompDirectiveDefault}`);
  else {
    const completion = tab(program);
    // The adapter adds its own command, which is for scripts to call.
    completion.commands.delete(completeCommandName);
    completion.parse([...words]);
  }
}

/** The adapter never asks for files, so this decides: arguments are files, and so are most options' values. */
function wantsFile(program: Command, words: readonly string[]): boolean {
  const command = program.commands.find((each) => each.name() === words[0]);
  const word = words.at(-1) ?? "";
  if (command === undefined || words.length < 2 || word.startsWith("-")) return false;
  const option = optionOf(command, words.at(-2)!);
  if (option !== undefined && (option.required || option.optional)) {
    return option.argChoices === undefined && /<[^>]*(file|path|folder|directory|model)/.test(option.flags);
  }
  return command.registeredArguments.some(({ argChoices }) => argChoices === undefined);
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word !== "" && (long === word || short === word));
}
