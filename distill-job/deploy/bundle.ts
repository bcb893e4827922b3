/** What `wrangler deploy` would upload, bundled as a rehearsal: that it can be bundled at all, and its digest. */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { WorkerConfig } from "./worker-config.ts";
import type { Wrangler } from "./wrangler.ts";
import { commandFailed } from "./wrangler-failure.ts";

export interface Bundle {
  /** Hexadecimal SHA-256 over names and contents of its files. */
  readonly digest: string;
  /** Bytes of all files, each gzipped. */
  readonly gzippedBytes: number;
}

export function deployCommand(config: WorkerConfig, file: string, ...more: string[]): string[] {
  const environment = config.environment === undefined ? [] : ["--env", config.environment];
  return ["deploy", "--config", file, ...environment, ...more];
}

/** @throws NearvecError `deployment_failed` with what esbuild or wrangler say */
export async function bundleWorker(wrangler: Wrangler, config: WorkerConfig): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "nearvec-bundle-"));
  try {
    const command = deployCommand(config, await config.write(), "--dry-run", "--outdir", folder);
    const outcome = await wrangler.run(command);
    if (!outcome.ok)
      throw commandFailed(command, outcome, "Nothing has been uploaded. `npm run typecheck` may say more.");
    const hash = createHash("sha256");
    let gzippedBytes = 0;
    for (const name of (await readdir(folder)).sort()) {
      // Maps name folders of this machine, and the README is not uploaded.
      if (name.endsWith(".map") || name === "README.md") continue;
      const content = await readFile(join(folder, name));
      hash.update(`${name} ${content.byteLength}\n`).update(content);
      gzippedBytes += gzipSync(content).byteLength;
    }
    return { digest: hash.digest("hex"), gzippedBytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
