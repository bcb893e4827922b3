#!/usr/bin/env node
/** The `nearvec` command line: parses the arguments, runs one command, prints its error in one line. */
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { NearvecError } from "../shared/errors.ts";
import { devCommand } from "./commands/dev.ts";
import { distillCommand } from "./commands/distill.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { indexCommand } from "./commands/index.ts";
import { keysCommand } from "./commands/keys.ts";
import { pullCommand } from "./commands/pull.ts";
import { pushCommand } from "./commands/push.ts";
import { quantizeCommand } from "./commands/quantize.ts";
import { refineCommand } from "./commands/refine.ts";
import { uploadCommand } from "./commands/upload.ts";

const program = new Command("nearvec")
  .description("Static embeddings at home at the edge.")
  .version(packageJson.version)
  .addCommand(distillCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(refineCommand())
  .addCommand(evaluateCommand())
  .addCommand(quantizeCommand())
  .addCommand(pushCommand())
  .addCommand(pullCommand())
  .addCommand(uploadCommand())
  .addCommand(indexCommand())
  .addCommand(keysCommand())
  .addCommand(devCommand())
  .addHelpText("after", "\nEach command's --help has examples. Try `nearvec dev` first.");

// A mistake in the arguments reads as every other error does: one line, and what to do.
const withSubcommands = program.commands.flatMap((command) => [command, ...command.commands]);
for (const command of [program, ...withSubcommands]) {
  const help = `${commandPath(command)} --help`;
  command.configureOutput({
    outputError: (text, write) => {
      const what = text
        .trim()
        .replace(/^error: /, "")
        .replaceAll("\n", " ")
        .replace(/\.$/, "");
      write(`nearvec: ${what}. See \`${help}\`.\n`);
    },
  });
}

/** As it is typed, e.g. `nearvec keys create`. */
function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!NearvecError.isInstance(error)) throw error;
  process.stderr.write(`nearvec: ${error.message}\n`);
  process.exitCode = 1;
}
