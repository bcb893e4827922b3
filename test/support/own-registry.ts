/**
 * A list of running workers for each test file. wrangler keeps one for the whole machine, by name, and all workers here
 * have the same: whoever stopped would take the others off it for some seconds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nearvec-registry-"));
process.env.WRANGLER_REGISTRY_PATH = folder;
afterAll(() => rmSync(folder, { recursive: true, force: true }));
