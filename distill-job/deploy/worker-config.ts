/**
 * What is deployed: wrangler.toml, with the name, bucket and namespaces of this one deployment put in.
 *
 * The result is written beside it as a file of its own, so that deploying never changes what is under version control.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { NearvecError } from "../../shared/errors.ts";
import { wranglerConfigPath } from "../dev/wrangler-settings.ts";

/** The fields of wrangler.toml that a deployment reads or sets; it keeps all others as they are. */
export interface WranglerSection {
  name?: string;
  account_id?: string;
  vars?: Record<string, unknown>;
  r2_buckets?: { binding: string; bucket_name?: string }[];
  kv_namespaces?: { binding: string; id?: string }[];
  durable_objects?: { bindings: { name: string; class_name: string }[] };
}

interface WranglerConfig extends WranglerSection {
  name: string;
  main: string;
  env?: Record<string, WranglerSection>;
}

export interface DeployNames {
  /** The worker's name in place of wrangler.toml's. */
  readonly name?: string | undefined;
  /** Section `[env.<environment>]` of wrangler.toml. */
  readonly environment?: string | undefined;
  readonly bucket?: string | undefined;
}

/** What a worker's binding for models is called. */
export const modelsBinding = "MODELS";

/** Names that Cloudflare takes for a worker, and so for its part of the address. */
const workerNamePattern = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const bucketNamePattern = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

export class WorkerConfig {
  readonly name: string;
  readonly environment: string | undefined;
  readonly #config: WranglerConfig;
  /** The part that is deployed: the file's own, or that of an environment. */
  readonly #section: WranglerSection;
  readonly #root: string;

  private constructor(config: WranglerConfig, section: WranglerSection, names: DeployNames, root: string) {
    this.#config = config;
    this.#section = section;
    this.#root = root;
    this.environment = names.environment;
    const ownName = names.environment === undefined ? config.name : `${config.name}-${names.environment}`;
    this.name = checkName(names.name ?? section.name ?? ownName);
    // A second worker has a bucket of its own: a model that is tried out there must not be served here.
    const bucket = names.bucket ?? (names.name === undefined ? undefined : `${this.name}-models`);
    const binding = this.#modelsBucket();
    if (bucket !== undefined && binding !== undefined) binding.bucket_name = checkBucket(bucket);
    section.name = this.name;
  }

  /** @throws NearvecError `not_found`, or `invalid_request` for names that cannot be */
  static async read(names: DeployNames, path: URL = wranglerConfigPath): Promise<WorkerConfig> {
    const file = fileURLToPath(path);
    const text = await readFile(file, "utf8").catch((cause: unknown) => {
      throw new NearvecError("not_found", `Expected ${file}, but it cannot be read. Put it back.`, { cause });
    });
    const config = parse(text) as unknown as WranglerConfig;
    const { environment } = names;
    const section = environment === undefined ? config : config.env?.[environment];
    if (section === undefined) {
      const known = Object.keys(config.env ?? {}).join(", ") || "none";
      throw new NearvecError(
        "invalid_request",
        `Expected [env.${environment}] in wrangler.toml, it has ${known}. Add the section with bindings of its own, ` +
          "or take --name for a second worker with the same settings.",
        { param: "env" },
      );
    }
    return new WorkerConfig(config, section, names, dirname(file));
  }

  get accountId(): string | undefined {
    return this.#section.account_id ?? this.#config.account_id;
  }

  /** The bucket of models; undefined if the worker has none. */
  get bucket(): string | undefined {
    return this.#modelsBucket()?.bucket_name;
  }

  /** Bindings of KV namespaces; `id` where wrangler.toml says which. */
  get namespaces(): readonly { readonly binding: string; readonly id?: string }[] {
    return this.#section.kv_namespaces ?? [];
  }

  get defaultModel(): string | undefined {
    const value = this.#section.vars?.DEFAULT_MODEL;
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  /** Its Durable Objects and buckets, as `DeployedWorker.marks` has them. */
  get marks(): readonly string[] {
    const { durable_objects: objects, r2_buckets: buckets = [] } = this.#section;
    return [
      ...(objects?.bindings ?? []).map(({ name, class_name }) => markOf(name, class_name)),
      ...buckets.map(({ binding, bucket_name }) => markOf(binding, bucket_name ?? "")),
    ];
  }

  setDefaultModel(name: string): void {
    this.#section.vars = { ...this.#section.vars, DEFAULT_MODEL: name };
  }

  setNamespace(binding: string, id: string): void {
    const namespace = this.#section.kv_namespaces?.find((one) => one.binding === binding);
    if (namespace !== undefined) namespace.id = id;
  }

  /** Hexadecimal SHA-256 of everything that it says: the same on every machine. */
  digest(): string {
    return createHash("sha256").update(JSON.stringify(this.#config)).digest("hex");
  }

  /** @returns Path of the file for `wrangler --config`, the same for the same worker. */
  async write(): Promise<string> {
    const path = join(this.#root, ".nearvec/deploy", this.name, "wrangler.json");
    const main = resolve(this.#root, this.#config.main);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${JSON.stringify({ ...this.#config, main }, null, 2)}\n`);
    return path;
  }

  #modelsBucket(): { bucket_name?: string } | undefined {
    const bucket = this.#section.r2_buckets?.find(({ binding }) => binding === modelsBinding);
    // Keys of the endpoint on this machine: wrangler warns of them, and nobody else needs them.
    if (bucket !== undefined && "local_dev" in bucket) delete bucket.local_dev;
    return bucket;
  }
}

/** A binding with what is bound to it. */
export function markOf(binding: string, bound: string): string {
  return `${binding} ${bound}`;
}

function checkName(name: string): string {
  if (workerNamePattern.test(name)) return name;
  throw new NearvecError(
    "invalid_request",
    `Expected --name to be a worker's name, at most 63 of a-z, 0-9 and "-", got ${JSON.stringify(name)}.`,
    { param: "name" },
  );
}

function checkBucket(bucket: string): string {
  if (bucketNamePattern.test(bucket)) return bucket;
  throw new NearvecError(
    "invalid_request",
    `Expected --bucket to be a bucket's name, 3 to 63 of a-z, 0-9 and "-", got ${JSON.stringify(bucket)}.`,
    { param: "bucket" },
  );
}
