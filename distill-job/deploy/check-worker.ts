/** Whether a worker that was just deployed answers: a new address takes up to a minute to be known. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Health, healthSchema } from "../../shared/api/health.ts";
import { networkReason } from "../network-failure.ts";

/** What became of the question; `reason` says why it has not been answered well. */
export type WorkerCheck =
  | { readonly healthy: true; readonly health: Health }
  | { readonly healthy: false; readonly answered: boolean; readonly reason: string };

/** Milliseconds between two questions. */
const pauseMilliseconds = 2000;

/** Seconds for one answer: a cold isolate loads its model first. */
const answerSeconds = 20;

/**
 * @param url E.g. `https://nearvec.example.workers.dev`.
 * @param waitSeconds How long to go on asking while it does not answer, or says 404 or 5xx.
 */
export async function checkWorker(url: string, waitSeconds: number): Promise<WorkerCheck> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (;;) {
    const check = await ask(`${url}/health`);
    if (check.healthy || performance.now() + pauseMilliseconds > deadline) return check;
    await sleep(pauseMilliseconds);
  }
}

async function ask(url: string): Promise<WorkerCheck> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerSeconds * 1000) });
    const text = await response.text();
    const health = response.ok ? healthSchema.safeParse(JSON.parse(text)) : undefined;
    if (health?.success) return { healthy: true, health: health.data };
    return { healthy: false, answered: true, reason: `${response.status}: ${text.slice(0, 300)}` };
  } catch (error) {
    if (error instanceof SyntaxError) return { healthy: false, answered: true, reason: "no JSON" };
    return { healthy: false, answered: false, reason: networkReason(error) };
  }
}
