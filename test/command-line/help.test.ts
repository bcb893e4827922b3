/** Help texts: of every command, with examples that work as they stand. */
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { commandList } from "../../distill-job/command-line/command-list.ts";
import { makeProgram } from "../../distill-job/command-line/program.ts";
import { defaultRemovePattern } from "../../distill-job/vocabulary/remove-pattern.ts";

/** All that `--help` prints. */
function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

async function load(name: string): Promise<Command> {
  return (await makeProgram([name])).commands.find((command) => command.name() === name)!;
}

/** A command itself, or those that it only gathers: `create`, `list` and so on of `keys`. */
function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands;
}

/** The command that words name, e.g. `keys`, `create`. */
function named(program: Command, words: readonly string[]): Command {
  const [word, ...rest] = words;
  const command = program.commands.find((each) => each.name() === word);
  return command === undefined ? program : named(command, rest);
}

/** Lines below "Examples:", as the words that a shell makes of them. */
function examplesOf(help: string): string[][] {
  const [, examples = ""] = help.split("Examples:\n");
  return examples
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.includes("nearvec "))
    .map((line) => {
      const command = line.slice(line.indexOf("nearvec ")).replace(/ >>? .*$/, "");
      return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c!);
    });
}

describe.each(commandList.map(({ name, description }) => ({ name, description })))(
  "nearvec $name",
  ({ name, description }) => {
    test("is described in the list as by itself", async () => {
      expect((await load(name)).description()).toBe(description);
    });

    test("shows defaults as one would type them", async () => {
      for (const command of leavesOf(await load(name))) {
        const help = command.helpInformation().replaceAll(/\s+/g, " ");
        expect(help).not.toMatch(/default: (\[|\{|false|true|undefined|null|"")/);
        expect(help).not.toContain("\\\\");
      }
    });

    test("prints JSON, unless it prints a script", async () => {
      for (const { options } of leavesOf(await load(name))) {
        expect(options.some(({ long }) => long === "--json")).toBe(name !== "completion");
      }
    });

    test("has examples, which parse", async () => {
      const command = await load(name);
      const shown = [...new Set([command, ...leavesOf(command)])].map((each) => examplesOf(helpOf(each)));
      for (const examples of shown) expect(examples.length).toBeGreaterThan(0);
      const examples = shown.flat();
      for (const [nearvec, ...words] of examples) {
        expect([nearvec, words[0]]).toEqual(["nearvec", name]);
        const program = await makeProgram(words);
        let ran = false;
        named(program, words)
          .configureOutput({ outputError: (text) => expect.unreachable(text) })
          .action(() => {
            ran = true;
          });
        await program.parseAsync(words, { from: "user" });
        expect(ran, words.join(" ")).toBe(true);
      }
    });
  },
);

test("the program's own help names every command and says what exit codes mean", async () => {
  const help = helpOf(await makeProgram([]));
  for (const { name, group } of commandList) {
    expect(help).toContain(group);
    expect(help).toMatch(new RegExp(`^  ${name} `, "m"));
  }
  expect(help).toMatch(/0 success, 1 failure, 2 .*130/);
  for (const [, ...words] of examplesOf(help))
    expect(commandList.map(({ name }) => name)).toContain(words[0]);
});

test("a command whose lines are long keeps within 80 columns", async () => {
  for (const { name } of commandList) {
    const command = await load(name);
    command.configureOutput({ getOutHelpWidth: () => 80 });
    const wide = command
      .helpInformation()
      .split("\n")
      .filter((line) => line.length > 80);
    // A usage line is not wrapped.
    expect(wide.filter((line) => !/^Usage: |^ {7}nearvec/.test(line))).toEqual([]);
  }
});

test("the pattern of removed tokens is shown as it is to be given", async () => {
  const help = (await load("distill")).helpInformation().replaceAll(/\s+/g, " ");
  expect(help).toContain(`(default: ${defaultRemovePattern})`);
});

test("only the command that is named is loaded", async () => {
  const { commands } = await makeProgram(["pull"]);
  const withOptions = commands.filter(({ options }) => options.length > 0).map((command) => command.name());
  expect(withOptions).toEqual(["pull"]);
  expect(commands.length).toBe(commandList.length);
});
