/** A Node program with everything that it starts, ended together, and with us in any case. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that the child has for ending its own children before the whole group is killed. */
const graceMilliseconds = 5000;

/** UTF-16 units of output that are kept: enough to say why it ended, however long it has run. */
const maxKeptOutput = 20_000;

export type OutputStream = "stdout" | "stderr";

export class ProcessGroup {
  readonly #child: ChildProcess;
  /** The end of what it has printed so far. */
  #output = "";
  readonly #listeners = new Set<(output: string, stream: OutputStream) => void>();
  /** Resolves with the exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Resolves likewise, once everything that it printed has been read. */
  readonly finished: Promise<number | null>;

  /**
   * @param program Path of the program's main file.
   * @param folder Where it runs; here if not given.
   */
  constructor(
    program: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>>,
    folder?: string,
  ) {
    const preload = import.meta.resolve("./end-with-parent.ts");
    this.#child = spawn(process.execPath, ["--no-warnings", "--import", preload, program, ...args], {
      // A group of its own: Ctrl-C in the terminal reaches only us, and we end the group in order.
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: { ...process.env, ...environment },
      cwd: folder,
    });
    const end = (event: "exit" | "close") =>
      once(this.#child, event).then(
        ([code]) => code as number | null,
        () => null,
      );
    this.exited = end("exit");
    this.finished = end("close");
    for (const stream of ["stdout", "stderr"] as const) {
      this.#child[stream]?.setEncoding("utf8").on("data", (text: string) => this.#print(text, stream));
    }
  }

  get output(): string {
    return this.#output;
  }

  /** Calls back with each piece of output from now on. */
  onOutput(listener: (text: string, stream: OutputStream) => void): void {
    this.#listeners.add(listener);
  }

  /** Asks the child to end, which lets it end its own children; kills what is left of the group. */
  async stop(): Promise<void> {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    this.#child.kill("SIGTERM");
    await Promise.race([this.exited, sleep(graceMilliseconds, undefined, { ref: false })]);
    this.killNow();
    await this.exited;
  }

  /** Kills the group at once; the only thing that an exit handler can do. */
  killNow(): void {
    const pid = this.#child.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch (error) {
      // Nobody is left in the group, which is what was wanted.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }

  #print(text: string, stream: OutputStream): void {
    this.#output = (this.#output + text).slice(-maxKeptOutput);
    for (const listener of this.#listeners) listener(text, stream);
  }
}
