/** The Nodes that are there to run the package: the pinned one, and the machine's own. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Paths by version, each version once: `v20.20.2`. */
export function installedNodes(): [version: string, path: string][] {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = [process.execPath, ...folders.map((folder) => join(folder, "node")).filter(existsSync)];
  const versions = paths.map((path) => execFileSync(path, ["--version"], { encoding: "utf8" }).trim());
  return [...new Map(versions.map((version, i) => [version, paths[i]!]))];
}
