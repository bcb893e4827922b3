/** Packs the checkout as its maintainers do, and installs what comes out as its users do, far from the checkout. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";
import packageJson from "../../package.json" with { type: "json" };

export interface InstalledPackage {
  /** Path of the packed file. */
  readonly tarball: string;
  /** A folder in which nothing but nearvec was installed. */
  readonly alone: string;
  /** A folder with what it works with, too: LangChain.js, LlamaIndex.TS, Hono, types of Node and of Workers. */
  readonly equipped: string;
}

declare module "vitest" {
  interface ProvidedContext {
    installed: InstalledPackage;
  }
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `equipped` has, in the versions that the checkout has. */
const companions = [
  "@cloudflare/workers-types",
  "@langchain/core",
  "@llamaindex/core",
  "@types/node",
  "hono",
] as const;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "nearvec-package-"));
  const tarball = join(folder, `nearvec-${packageJson.version}.tgz`);
  await npm(["pack", "--pack-destination", folder], root);
  const versions: Readonly<Record<string, string>> = {
    ...packageJson.dependencies,
    ...packageJson.devDependencies,
  };
  const alone = join(folder, "alone");
  await install(alone, [tarball]);
  const equipped = join(folder, "equipped");
  await install(equipped, [tarball, ...companions.map((name) => `${name}@${versions[name]}`)]);
  await cp(new URL("consumers", import.meta.url), equipped, { recursive: true });
  project.provide("installed", { tarball, alone, equipped });
  return () => rm(folder, { recursive: true, force: true });
}

async function install(folder: string, packages: readonly string[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], folder);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  // Without what the npm that runs this test says of the checkout.
  const foreign = /^npm_(lifecycle|package|command|config_local_prefix)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  await promisify(execFile)("npm", args, { cwd, env, maxBuffer: 2 ** 26 });
}
