/** The version of nearvec that is running. Read, not imported: Node 20 warns of imported JSON. */
import { readFileSync } from "node:fs";

const packageJson = readFileSync(new URL("../package.json", import.meta.url), "utf8");

export const { version } = JSON.parse(packageJson) as { readonly version: string };
