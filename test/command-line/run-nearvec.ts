/** The `nearvec` command as a process of its own, as a shell would start it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export const nearvecFile = fileURLToPath(new URL("../../distill-job/nearvec.ts", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What comes by stdin; it is empty if not given. */
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Variables that the tester's own shell may have must not reach the command. */
const { NEARVEC_URL: _url, NEARVEC_API_KEY: _key, FORCE_COLOR: _force, ...environment } = process.env;

export function startNearvec(
  args: readonly string[],
  options: RunOptions = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [nearvecFile, ...args], {
    env: { ...environment, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

export async function runNearvec(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = startNearvec(args, options);
  // It may end before it has read everything.
  child.stdin.on("error", () => {}).end(options.stdin ?? "");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "nearvec-command-"));
}
