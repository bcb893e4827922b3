/** nearvec's own package.json. Read, not imported: Node 20 warns of imported JSON. */
import { readFileSync } from "node:fs";

interface PackageJson {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const packageJson: PackageJson = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
