/** Which Cloudflare account a deployment goes to. */
import { z } from "zod";
import { NearvecError } from "../../shared/errors.ts";
import type { Wrangler } from "./wrangler.ts";
import { commandFailed, signInHint } from "./wrangler-failure.ts";

export interface Account {
  readonly id: string;
  readonly name: string;
}

/** What `wrangler whoami --json` prints. */
const whoamiSchema = z.object({
  loggedIn: z.literal(true),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const whoamiCommand = ["whoami", "--json"] as const;

/**
 * The only account there is, or the one that was asked for.
 *
 * @param wanted What wrangler.toml or CLOUDFLARE_ACCOUNT_ID says; undefined if neither says anything.
 * @throws NearvecError `account_access_denied` if nobody is logged in or that account is not theirs,
 *   `invalid_request` if there are several, `connection_failed`
 */
export async function chooseAccount(wrangler: Wrangler, wanted: string | undefined): Promise<Account> {
  const outcome = await wrangler.run(whoamiCommand);
  if (!outcome.ok) {
    if (outcome.message.includes('"loggedIn":false')) {
      throw new NearvecError(
        "account_access_denied",
        `Expected you to be logged in to Cloudflare, but wrangler has neither a login nor a token. ${signInHint}`,
      );
    }
    throw commandFailed(whoamiCommand, outcome);
  }
  const { accounts } = whoamiSchema.parse(JSON.parse(outcome.stdout));
  const listed = accounts.map(({ id, name }) => `${id} (${name})`).join(", ") || "none";
  if (wanted !== undefined) {
    const account = accounts.find(({ id }) => id === wanted);
    if (account !== undefined) return account;
    throw new NearvecError(
      "account_access_denied",
      `Expected an account of yours, got ${wanted} from CLOUDFLARE_ACCOUNT_ID or account_id in wrangler.toml. ` +
        `Yours: ${listed}. Set one of them, or log in as somebody else.`,
      { param: "CLOUDFLARE_ACCOUNT_ID" },
    );
  }
  const [only, ...others] = accounts;
  if (only !== undefined && others.length === 0) return only;
  throw new NearvecError(
    "invalid_request",
    `Expected to know which account to deploy to, but the login has ${accounts.length}: ${listed}. ` +
      "Set CLOUDFLARE_ACCOUNT_ID to one of them.",
    { param: "CLOUDFLARE_ACCOUNT_ID" },
  );
}
