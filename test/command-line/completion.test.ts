/** Shell completion, in a real bash at a terminal of its own: what the tab key makes of a line. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { nearvecFile, runNearvec, temporaryFolder } from "./run-nearvec.ts";

/** What the script asks: lines of candidates, and the directive, of which 4 means no files. */
async function complete(...words: string[]): Promise<{ candidates: string[]; directive: string }> {
  const { stdout, stderr, code } = await runNearvec(["complete", "--", ...words]);
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  const lines = stdout.trimEnd().split("\n");
  const directive = lines.pop()!;
  return { candidates: lines.map((line) => line.split("\t")[0]!), directive };
}

describe("nearvec complete", () => {
  test("knows commands", async () => {
    const { candidates, directive } = await complete("");
    expect(candidates).toEqual(
      expect.arrayContaining(["embed", "search", "distill", "dev", "doctor", "completion"]),
    );
    expect(candidates).not.toContain("complete");
    expect(directive).toBe(":4");
    expect((await complete("s")).candidates).toEqual(["search", "similarity"]);
  });

  test("knows a command's options, and the choices of their values", async () => {
    expect((await complete("embed", "--d")).candidates).toEqual(["--dims", "--dtype"]);
    expect((await complete("distill", "--ro")).candidates).toEqual(["--rows", "--rotate"]);
    expect((await complete("embed", "--dtype", "u")).candidates).toEqual(["uint8", "ubinary"]);
    expect((await complete("completion", "")).candidates).toEqual(["bash", "zsh", "fish", "powershell"]);
  });

  test.each<[string, string[], string]>([
    ["an argument that may be a file", ["embed", "RE"], ":0"],
    ["an option's file", ["distill", "teacher", "-o", ""], ":0"],
    ["an option's model", ["embed", "--model", "m"], ":0"],
    ["an option's number", ["embed", "--dims", ""], ":4"],
    ["a shell", ["completion", ""], ":4"],
  ])("asks the shell for files where %s is to be completed, and only there", async (_, words, directive) => {
    expect((await complete(...words)).directive).toBe(directive);
  });
});

describe("nearvec completion bash", () => {
  let folder: string;
  let shell: ReturnType<typeof spawn>;
  let screen = "";

  beforeAll(async () => {
    folder = await temporaryFolder();
    const command = join(folder, "nearvec");
    await writeFile(command, `#!/bin/sh\nexec "${process.execPath}" "${nearvecFile}" "$@"\n`);
    await chmod(command, 0o755);
    await writeFile(join(folder, "texts-to-embed.jsonl"), "");
    // `script` gives it a terminal, without which bash has no tab key.
    shell = spawn("script", ["-qefc", "bash --norc --noprofile -i", "/dev/null"], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, PS1: "$ ", TERM: "dumb", HISTFILE: "" },
    });
    shell.stdout!.on("data", (text) => {
      screen += String(text);
    });
    // Twice: neither the second time nor another program's constants may matter.
    shell.stdin!.write(
      "source <(nearvec completion bash); source <(nearvec completion bash); echo rea''dy\n",
    );
    await vi.waitFor(() => expect(screen).toContain("\nready"), { timeout: 50_000, interval: 50 });
  });
  afterAll(async () => {
    shell.stdin!.end("\u0003\nexit\n");
    await once(shell, "close");
  });

  /** Types, presses tab, and waits for the line to go on. */
  async function typed(line: string, expected: string): Promise<void> {
    screen = "";
    shell.stdin!.write(`\u0015${line}\t`);
    await expect.poll(() => screen, { timeout: 30_000 }).toContain(expected);
  }

  test("declares what it needs without a word of complaint", () => {
    expect(screen).not.toMatch(/readonly|not found|error/i);
  });

  test("completes a command, an option, a value and a file", async () => {
    await typed("nearvec sim", "nearvec similarity ");
    await typed("nearvec embed --norm", "nearvec embed --norm");
    await typed("nearvec embed --dty", "nearvec embed --dtype ");
    await typed("nearvec embed --dtype ub", "nearvec embed --dtype ubinary ");
    await typed("nearvec embed texts-to", "nearvec embed texts-to-embed.jsonl ");
    await typed("nearvec embed -o texts-to", "nearvec embed -o texts-to-embed.jsonl ");
  });

  test("completes no file where none is meant", async () => {
    await typed("nearvec completion texts-to", "completion texts-to");
    await sleep(3000);
    expect(screen).not.toContain("texts-to-embed");
  });
});

test.each(["zsh", "fish"])("nearvec completion %s is a script of that shell", async (name) => {
  const { stdout, code } = await runNearvec(["completion", name]);
  expect(code).toBe(0);
  expect(stdout).toContain("nearvec complete --");
  const path = join(await temporaryFolder(), "script");
  await writeFile(path, stdout);
  // Read by the shell itself, where there is one.
  const installed = execFileSync("sh", ["-c", `command -v ${name} || true`])
    .toString()
    .trim();
  if (installed !== "") execFileSync(installed, ["-n", path]);
});
