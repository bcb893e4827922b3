/** Everything that the doctor looks at, in order. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { localWorkerUrl } from "../command-line/worker-options.ts";
import { wranglerConfigPath } from "../dev/wrangler-settings.ts";
import { type Check, fail, reasonOf } from "./check.ts";
import { checkBucketAccess, checkCloudflareLogin } from "./credential-checks.ts";
import { checkModels } from "./model-checks.ts";
import { checkPort } from "./port-check.ts";
import { checkNode, checkWrangler } from "./version-checks.ts";
import { checkWorker } from "./worker-checks.ts";
import { checkWranglerConfig } from "./wrangler-checks.ts";

export interface Examination {
  readonly model: string | undefined;
  /** wrangler.toml; the one of this folder, else nearvec's own, if not given. */
  readonly config: string | undefined;
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** A check that breaks is a failed one: the others are made all the same. */
export async function examine({ model, config, url, apiKey, environment }: Examination): Promise<Check[]> {
  const path = config ?? (existsSync("wrangler.toml") ? "wrangler.toml" : fileURLToPath(wranglerConfigPath));
  const workers = await holding("worker", () =>
    checkWorker({ url: url ?? localWorkerUrl, apiKey, named: url !== undefined }),
  );
  const here = url === undefined || url.replace(/\/+$/, "") === localWorkerUrl;
  const workerThere = here && workers.some(({ name, status }) => name === "worker" && status === "ok");
  return [
    checkNode(),
    await checkWrangler(),
    ...(await holding("model", () => checkModels(model))),
    ...(await holding("wrangler.toml", () => checkWranglerConfig(resolve(path)))),
    ...(await holding("R2 key", async () => [await checkBucketAccess(environment)])),
    checkCloudflareLogin(environment),
    await checkPort(workerThere),
    ...workers,
  ];
}

async function holding(name: string, check: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    return [fail(name, reasonOf(error), "This should not have happened, please report it.")];
  }
}
