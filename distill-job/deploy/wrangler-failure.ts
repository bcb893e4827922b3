/** What a wrangler command that failed means for the user, and what to do about it. */
import { NearvecError } from "../../shared/errors.ts";
import { commandLine, type WranglerOutcome } from "./wrangler.ts";

export type FailedOutcome = Extract<WranglerOutcome, { ok: false }>;

/** Cloudflare's numbers for "who are you" and "you may not". */
const deniedCodes = [1001, 9106, 9109, 10000, 10001];

/** R2 has to be switched on once, in the dashboard. */
const r2NotEnabledCode = 10042;

/** How to be let in. */
export const signInHint =
  "Run `npx wrangler login`, or set CLOUDFLARE_API_TOKEN to a token made from the template " +
  '"Edit Cloudflare Workers" (dashboard, My Profile, API Tokens).';

/**
 * The error for a command that failed.
 *
 * @param then What holds now, and what to do: ends the message.
 */
export function commandFailed(
  args: readonly string[],
  { code, message }: FailedOutcome,
  then = "What was there before still is. Run the command again when that is put right.",
): NearvecError {
  if (isOffline(message)) return offline(message);
  const what = `Expected \`${commandLine(args)}\` to work, but Cloudflare said: ${message}`;
  if (code !== undefined && deniedCodes.includes(code)) {
    return new NearvecError(
      "account_access_denied",
      `${ended(what)} The token needs Workers Scripts, Workers KV Storage and Workers R2 Storage: Edit, for this account. ${signInHint}`,
    );
  }
  if (code === r2NotEnabledCode) {
    return new NearvecError(
      "deployment_failed",
      `${ended(what)} R2 is switched on once for each account, in the dashboard under R2; it is free of charge up to 10 GB. ` +
        "Or take [[r2_buckets]] out of wrangler.toml: the worker then answers with the model in its bundle.",
    );
  }
  if (/register a workers\.dev subdomain|workers\/onboarding/i.test(message)) {
    return new NearvecError(
      "deployment_failed",
      `${ended(what)} Choose your workers.dev name once, in the dashboard under Workers & Pages; then run the command again.`,
    );
  }
  return new NearvecError("deployment_failed", `${ended(what)} ${then}`);
}

/** Whether the network failed, and not Cloudflare. */
function isOffline(message: string): boolean {
  return /fetch failed|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET|Connection error|network/i.test(
    message,
  );
}

function offline(message: string): NearvecError {
  return new NearvecError(
    "connection_failed",
    `Expected to reach Cloudflare's API, but the network failed: ${ended(message)} ` +
      "What was there before still is. Run the command again when there is a network; " +
      "--dry-run needs none.",
  );
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
