/** How large the worker's code is, as it is uploaded. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** KiB gzipped without the bundled model, as `npm run check:bundle` prints them. */
export function bundleKibibytes(): number {
  const program = fileURLToPath(new URL("../../.ci/check-bundle.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  const found = /([\d.]+) KiB of at most \d+(?:\.\d+)? without the model/.exec(stdout);
  if (found === null) throw new Error(`Expected the size of the bundle, got:\n${stdout}${stderr}`);
  return Number(found[1]);
}
