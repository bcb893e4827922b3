/** Options of the commands that ask a worker. */
import { type Command, InvalidArgumentError } from "commander";

export interface WorkerOptions {
  readonly url?: string;
  readonly apiKey?: string;
}

/** Where a worker is that nobody has named: as `npm start` begins it. */
export const localWorkerUrl = "http://127.0.0.1:8787";

/** @param description what the worker is for, in the help of `--url` */
export function addWorkerOptions(command: Command, description: string): Command {
  return command
    .option("--url <url>", description, parseUrl)
    .option("--api-key <key>", "the worker's key (default: NEARVEC_API_KEY)");
}

/** The worker that a command asks in any case: the one named, or NEARVEC_URL, or the one on this machine. */
export function workerUrl({ url }: WorkerOptions): string {
  return url ?? process.env.NEARVEC_URL ?? localWorkerUrl;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:8787.");
}
