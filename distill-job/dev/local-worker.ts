/** The worker on this machine: `wrangler dev` without an account, a prompt or the network. */

import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";
import { claimPort, localHost } from "./free-port.ts";
import { ProcessGroup } from "./process-group.ts";
import { wranglerProgram } from "./wrangler-program.ts";
import { wranglerConfigPath } from "./wrangler-settings.ts";

export interface LocalWorkerOptions {
  /** 0 finds a free one. */
  readonly port: number;
  /** Folder for what the local bucket holds; wrangler's own `.wrangler/state` if not given. */
  readonly stateFolder?: string;
  /** Another wrangler.toml than the project's, for tests. */
  readonly config?: string;
  /** Another entry than wrangler.toml's `main`, for tests and benchmarks. */
  readonly entry?: string;
  /** Variables in place of those in wrangler.toml. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether it asks for keys, as a deployed one does; open to all if not. */
  readonly keys?: boolean;
}

export interface LocalWorker {
  /** E.g. `http://127.0.0.1:8787`. */
  readonly url: string;
  readonly process: ProcessGroup;
  /** Ends wrangler and workerd. */
  stop(): Promise<void>;
}

/** Seconds that wrangler may take to listen; it takes about 2 on an idle machine. */
const startSeconds = 60;

const offline = {
  // wrangler would ask for metrics, updates and the nearest data centre's address.
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CI: "true",
};

/** @throws NearvecError `invalid_request` if the port is taken or wrangler is not installed, `internal_error` if wrangler ends or never listens. */
export async function startLocalWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const wrangler = wranglerProgram();
  const port = await claimPort(options.port);
  const url = `http://${localHost}:${port}`;
  const group = new ProcessGroup(
    wrangler,
    [
      "dev",
      ...(options.entry === undefined ? [] : [options.entry]),
      ...[
        "--config",
        options.config ?? fileURLToPath(wranglerConfigPath),
        "--ip",
        localHost,
        "--port",
        String(port),
        "--local",
      ],
      ...["--inspector-port", "0", "--show-interactive-dev-session=false"],
      ...(options.stateFolder === undefined ? [] : ["--persist-to", options.stateFolder]),
      ...Object.entries({ ...accessVariables(options.keys ?? false), ...options.variables }).flatMap(
        ([key, value]) => ["--var", `${key}:${value}`],
      ),
    ],
    offline,
  );
  const killGroup = () => group.killNow();
  process.once("exit", killGroup);
  const stop = async () => {
    await group.stop();
    process.off("exit", killGroup);
  };
  try {
    await listening(group, url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, process: group, stop };
}

/** The only place that opens a worker: on this machine, where only its own programs reach it. */
function accessVariables(keys: boolean): Record<string, string> {
  return { ACCESS: keys ? "keys" : "open", REQUEST_LOG: "failures" };
}

/** Waits until something answers, whatever it answers. */
async function listening(group: ProcessGroup, url: string): Promise<void> {
  let ended = false;
  void group.exited.then(() => {
    ended = true;
  });
  const deadline = performance.now() + startSeconds * 1000;
  while (!ended && performance.now() < deadline) {
    // Not a route of the worker: asking for it must not load a model or count as a request.
    const response = await fetch(`${url}/cdn-cgi/local/r2/s3/`).catch(() => undefined);
    if (response !== undefined) {
      await response.body?.cancel();
      return;
    }
    await sleep(50);
  }
  throw new NearvecError(
    "internal_error",
    `Expected the local worker to listen on ${url}, but wrangler ${ended ? "ended" : `said nothing for ${startSeconds} s`}:\n${group.output.trim()}`,
  );
}
