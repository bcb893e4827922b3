/** Where wrangler is: a checkout has it, who installs the package may not. */
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";

/**
 * The program that wrangler's own launcher starts as its child: stopped, the launcher would leave it behind.
 *
 * @throws NearvecError `invalid_request` if wrangler is not installed
 */
export function wranglerProgram(): string {
  try {
    return fileURLToPath(import.meta.resolve("wrangler"));
  } catch (cause) {
    throw new NearvecError(
      "invalid_request",
      "Expected wrangler, which runs and deploys the worker, it is not installed. Run `npm install --save-dev wrangler`.",
      { cause },
    );
  }
}
