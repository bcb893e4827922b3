/** The program that commander parses arguments with: all commands by name, of which one is loaded. */
import { styleText } from "node:util";
import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { NearvecError } from "../../shared/errors.ts";
import { commandList } from "./command-list.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { asksForJson, printError } from "./print-error.ts";

/** Columns that descriptions are wrapped into at least: beside the longest options, 80 leave no more. */
const narrowColumns = 30;

/** @param args as they follow `nearvec`: the command that they name is loaded, the others are there by name alone */
export async function makeProgram(args: readonly string[]): Promise<Command> {
  const chosen = chosenCommand(args);
  const program = new Command("nearvec")
    .description("Static embeddings at home at the edge.")
    .version(packageJson.version)
    .addHelpText(
      "after",
      `
Examples:
  nearvec embed "a horse in the rain"
  nearvec search --file docs.jsonl wet horses
  nearvec dev

Each command's --help has more.
${exitCodesHelp}`,
    )
    .addHelpCommand(
      new Command("help")
        .argument("[command]")
        .description("Show the help of a command.")
        .helpGroup("This machine:"),
    );
  for (const { name, description, group, load } of commandList) {
    const command = name === chosen ? await load() : new Command(name).description(description);
    program.addCommand(command.helpGroup(group));
  }
  const json = asksForJson(args);
  for (const command of [program, ...program.commands]) configure(command, program, json);
  return program;
}

/** The command whose help or action is asked for. */
function chosenCommand(args: readonly string[]): string | undefined {
  const [first, second] = args.filter((word) => !word.startsWith("-"));
  return first === "help" ? second : first;
}

/** A mistake in the arguments reads as every other error does: one line, and what to do. */
function configure(command: Command, program: Command, json: boolean): void {
  const help = command === program ? "nearvec --help" : `nearvec ${command.name()} --help`;
  command
    .exitOverride()
    .configureHelp({ styleTitle: (title) => styleText("bold", title), minWidthToWrap: narrowColumns })
    .configureOutput({
      outputError: (text) => {
        const what = text
          .trim()
          .replace(/^error: /, "")
          .replaceAll("\n", " ")
          .replace(/\.$/, "");
        const mistake = new NearvecError("invalid_arguments", `${what}. See \`${help}\`.`);
        printError(mistake, json, process.stderr);
      },
    });
}
