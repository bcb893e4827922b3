/** When a command that runs until it is stopped should stop. */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const parentCheckMilliseconds = 250;

/**
 * Resolves at the first Ctrl-C, termination signal or closed terminal.
 *
 * Under `npm start` it resolves as well when npm is gone: npm ends at SIGTERM without telling its child, which
 * would run on unseen. Without npm a parent that ends is no reason to stop: `nohup nearvec dev &`.
 */
export function stopRequest(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve());
    const { npm_lifecycle_event: npmScript } = process.env;
    if (npmScript === undefined) return;
    const parent = process.ppid;
    const check = () => {
      if (process.ppid !== parent) resolve();
    };
    setInterval(check, parentCheckMilliseconds).unref();
  });
}
