/** The client of a worker that a command was given. */
import { NearvecClient, type NearvecClientOptions } from "../../client/http/nearvec-client.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** @throws NearvecError invalid_request for a URL or key that cannot be one */
export function workerClient(
  url: string,
  { apiKey = process.env.NEARVEC_API_KEY }: WorkerOptions,
  more: Partial<NearvecClientOptions> = {},
): NearvecClient {
  return new NearvecClient({ baseUrl: url, ...(apiKey === undefined ? {} : { apiKey }), ...more });
}

/** Adds to the error of a worker that cannot be reached how to get one. */
export async function reachingWorker<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!NearvecError.isInstance(error) || error.code !== "connection_failed") throw error;
    throw new NearvecError(
      error.code,
      `${error.message} Start a worker with \`nearvec dev\`, or name another with --url.`,
      { param: "url", cause: error },
    );
  }
}
