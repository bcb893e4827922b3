/** What tests of the hub have in common: a stand-in, a cache of the test's own, the tiny teacher's files. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { HubAccess } from "../../distill-job/hub/hub-access.ts";
import { temporaryDirectory, tinyTeacher } from "../distill/tiny-teacher.ts";
import { HubStandIn } from "./hub-stand-in.ts";

export interface HubFixture {
  readonly hub: HubStandIn;
  readonly access: HubAccess;
  /** The environment for it, which this process has as well. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A stand-in and an empty cache, for one test; the environment names them. */
export async function startHub(token?: string): Promise<HubFixture> {
  const hub = await HubStandIn.start();
  const cache = await temporaryDirectory();
  const environment = {
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_CACHE: cache,
    HF_TOKEN: token ?? "",
    HF_HUB_OFFLINE: "",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return { hub, access: { endpoint: hub.endpoint, token, cache, offline: false }, environment };
}

/** The content of a directory, by path. */
export async function filesIn(directory: string): Promise<Record<string, Uint8Array>> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: Record<string, Uint8Array> = {};
  for (const entry of found.filter((each) => !each.isDirectory())) {
    const path = join(entry.parentPath, entry.name);
    files[relative(directory, path)] = await readFile(path);
  }
  return files;
}

export const teacherFiles = await filesIn(tinyTeacher);

/** Names of the files that a cache has of a repository, below its folder; without locks. */
export async function cached(access: HubAccess, repo: string, part: string): Promise<string[]> {
  const folder = join(access.cache, `models--${repo.replace("/", "--")}`, part);
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
