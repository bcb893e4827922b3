/** Node and wrangler: are they there, and new enough. */
import packageJson from "../../package.json" with { type: "json" };
import { type Check, fail, ok, warn } from "./check.ts";
import { installedWrangler } from "./installed-wrangler.ts";

const oldestNode = Number(/\d+/.exec(packageJson.engines.node)![0]);
const oldestWrangler = 4;

/** @param nodeVersion as `process.versions.node` has it */
export function checkNode(nodeVersion: string = process.versions.node): Check {
  if (Number.parseInt(nodeVersion, 10) >= oldestNode) return ok("node", nodeVersion);
  return fail("node", `${nodeVersion}, nearvec needs ${oldestNode} or newer`, "Install it from nodejs.org.");
}

export async function checkWrangler(): Promise<Check> {
  const found = await installedWrangler();
  if (found === null) {
    return warn(
      "wrangler",
      "not installed; nearvec dev and deploying need it",
      `npm install --save-dev wrangler@${packageJson.devDependencies.wrangler}`,
    );
  }
  if (Number.parseInt(found.version, 10) >= oldestWrangler) return ok("wrangler", found.version);
  return fail(
    "wrangler",
    `${found.version}, nearvec needs ${oldestWrangler} or newer`,
    `npm install --save-dev wrangler@${packageJson.devDependencies.wrangler}`,
  );
}
