/** The pinned wrangler as a child process: one command at a time, no prompts, answers that programs can read. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { ProcessGroup } from "../dev/process-group.ts";
import { wranglerProgram } from "../dev/wrangler-program.ts";
import { wranglerConfigPath } from "../dev/wrangler-settings.ts";

/** A line of the file that WRANGLER_OUTPUT_FILE_PATH names, such as `{"type": "deploy", "targets": […]}`. */
export type WranglerRecord = Readonly<Record<string, unknown>>;

/** What a command did, or why it did not. */
export type WranglerOutcome =
  | { readonly ok: true; readonly stdout: string; readonly records: readonly WranglerRecord[] }
  | {
      readonly ok: false;
      /** Cloudflare's number for the error; undefined if it was wrangler itself that gave up. */
      readonly code: number | undefined;
      /** wrangler's words and the API's, in one line. */
      readonly message: string;
    };

export interface Wrangler {
  /**
   * Runs one command to its end.
   *
   * @param args E.g. `["kv", "namespace", "list"]`.
   * @param accountId The account it is about, unless wrangler.toml names one.
   */
  run(args: readonly string[], accountId?: string): Promise<WranglerOutcome>;
}

const environment = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  // wrangler asks nothing and writes nothing into wrangler.toml where it takes itself to be in a pipeline.
  CI: "true",
  NO_COLOR: "1",
};

/** The command as a person would type it. */
export function commandLine(args: readonly string[]): string {
  return ["npx wrangler", ...args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : `'${arg}'`))].join(" ");
}

export class WranglerProcess implements Wrangler {
  // Found at once: what cannot be run is to be known before anything is written for it.
  readonly #program = wranglerProgram();
  readonly #environment: Readonly<Record<string, string>>;

  /**
   * @param more Variables beside those of this process.
   * @throws NearvecError `invalid_request` if wrangler is not installed
   */
  constructor(more: Readonly<Record<string, string>> = {}) {
    this.#environment = more;
  }

  async run(args: readonly string[], accountId?: string): Promise<WranglerOutcome> {
    const folder = await mkdtemp(join(tmpdir(), "nearvec-wrangler-"));
    const recordFile = join(folder, "output.ndjson");
    const group = new ProcessGroup(
      this.#program,
      args,
      {
        ...environment,
        ...this.#environment,
        ...(accountId === undefined ? {} : { CLOUDFLARE_ACCOUNT_ID: accountId }),
        WRANGLER_OUTPUT_FILE_PATH: recordFile,
      },
      dirname(fileURLToPath(wranglerConfigPath)),
    );
    const killGroup = () => group.killNow();
    process.once("exit", killGroup);
    const printed = { stdout: "", stderr: "" };
    group.onOutput((text, stream) => {
      printed[stream] += text;
    });
    try {
      const code = await group.finished;
      const records = await readRecords(recordFile);
      if (code === 0) return { ok: true, stdout: printed.stdout, records };
      return { ok: false, ...failure(records, printed.stderr, code) };
    } finally {
      process.off("exit", killGroup);
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function readRecords(file: string): Promise<WranglerRecord[]> {
  // A command line that wrangler does not understand ends it before it writes anything.
  const text = await readFile(file, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** The record says which request failed, the API's own words are on stderr only. */
function failure(
  records: readonly WranglerRecord[],
  stderr: string,
  exitCode: number | null,
): { readonly code: number | undefined; readonly message: string } {
  const record = records.find(({ type }) => type === "command-failed");
  const plain = stripVTControlCharacters(stderr);
  const words = String(record?.message ?? (plain.trim() || `it ended with ${exitCode ?? "a signal"}`));
  const notes = [...plain.matchAll(/^ *(.+ \[code: (\d+)\])$/gm)];
  const message = [words, ...notes.map((note) => note[1])].join(" ").replace(/\s+/g, " ").trim();
  const code = record?.code ?? notes[0]?.[2] ?? /"code":\s*(\d+)/.exec(words)?.[1];
  return { code: code === undefined || Number.isNaN(Number(code)) ? undefined : Number(code), message };
}
