/** The wrangler that would run and deploy the worker, as its package.json tells. */
import { readFile } from "node:fs/promises";

export interface InstalledWrangler {
  readonly version: string;
  /** The newest compatibility date that its workerd knows, e.g. `2026-11-17`; null if it does not say. */
  readonly newestDate: string | null;
}

/** Null if there is none. */
export async function installedWrangler(): Promise<InstalledWrangler | null> {
  let text: string;
  try {
    text = await readFile(new URL("../package.json", import.meta.resolve("wrangler")), "utf8");
  } catch {
    // Not installed, which is no error here: the check says so.
    return null;
  }
  const { version, dependencies } = JSON.parse(text) as {
    version: string;
    dependencies?: { workerd?: string };
  };
  // workerd's version is 1.YYYYMMDD.n.
  const [, year, month, day] = /^\d+\.(\d{4})(\d\d)(\d\d)\./.exec(dependencies?.workerd ?? "") ?? [];
  return { version, newestDate: year === undefined ? null : `${year}-${month}-${day}` };
}
