/** wrangler.toml against what the worker's code expects of it. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { listShippedModels } from "../chosen-model.ts";
import { type Check, fail, ok, reasonOf, skip, warn } from "./check.ts";
import { installedWrangler } from "./installed-wrangler.ts";
import { readWranglerConfig, type WranglerConfig } from "./wrangler-config.ts";

/** Names of bindings, as worker/environment.ts and worker/collections/collection-bindings.ts have them. */
export const bindingNames = { bucket: "MODELS", namespace: "COLLECTIONS", object: "COLLECTION" } as const;

/** The Durable Object's class, as worker/index.ts exports it. */
export const objectClass = "CollectionObject";

export async function checkWranglerConfig(path: string): Promise<Check[]> {
  if (!existsSync(path)) {
    return [skip("wrangler.toml", `none at ${path}; only running and deploying a worker needs it`)];
  }
  let config: WranglerConfig;
  try {
    config = await readWranglerConfig(path);
  } catch (error) {
    return [fail("wrangler.toml", reasonOf(error), `Mend ${path}.`)];
  }
  return [
    await checkEntry(config, path),
    await checkDate(config),
    checkBucket(config),
    ...checkCollections(config),
    await checkDefaultModel(config),
  ];
}

async function checkEntry({ main }: WranglerConfig, path: string): Promise<Check> {
  if (main === undefined) return fail("entry", "no main in wrangler.toml", 'main = "worker/index.ts"');
  const file = resolve(join(dirname(path), main));
  const code = await readFile(file, "utf8").catch(() => null);
  if (code === null)
    return fail("entry", `main is ${main}, which is not there`, "Correct main in wrangler.toml.");
  const exported = new RegExp(`export\\s+(\\{[^}]*\\b${objectClass}\\b|class\\s+${objectClass}\\b|\\*)`);
  if (exported.test(code)) return ok("entry", `${main} exports ${objectClass}`);
  return fail(
    "entry",
    `${main} does not export ${objectClass}, which collections are written by`,
    `export { ${objectClass} } from nearvec's worker there.`,
  );
}

async function checkDate({ compatibility_date: date }: WranglerConfig): Promise<Check> {
  if (date === undefined || !/^\d{4}-\d\d-\d\d$/.test(date)) {
    return fail(
      "compatibility",
      `compatibility_date is ${date ?? "missing"}`,
      'compatibility_date = "2026-11-01"',
    );
  }
  const newest = (await installedWrangler())?.newestDate ?? null;
  if (newest === null || date <= newest) return ok("compatibility", date);
  return fail(
    "compatibility",
    `${date} is newer than the workerd of the installed wrangler, ${newest}`,
    "Update wrangler, or take an older compatibility_date.",
  );
}

function checkBucket({ r2_buckets: buckets }: WranglerConfig): Check {
  const bucket = buckets.find(({ binding }) => binding === bindingNames.bucket);
  if (bucket === undefined) {
    return warn(
      "bucket",
      `no R2 binding ${bindingNames.bucket}: the worker serves the bundled model alone`,
      `Add [[r2_buckets]] with binding = "${bindingNames.bucket}" to serve others.`,
    );
  }
  if (bucket.bucket_name !== undefined)
    return ok("bucket", `${bindingNames.bucket} is ${bucket.bucket_name}`);
  return fail("bucket", `${bindingNames.bucket} has no bucket_name`, 'bucket_name = "nearvec-models"');
}

function checkCollections({
  kv_namespaces: namespaces,
  durable_objects: { bindings },
  migrations,
}: WranglerConfig): Check[] {
  const { namespace, object } = bindingNames;
  const hasNamespace = namespaces.some(({ binding }) => binding === namespace);
  const bound = bindings.find(({ name }) => name === object);
  if (!hasNamespace && bound === undefined) {
    const fix = `Bind ${namespace} (KV) and ${object} (Durable Object), as nearvec's own wrangler.toml does.`;
    return [warn("collections", "not bound: the worker embeds and does not search", fix)];
  }
  if (!hasNamespace) {
    return [
      fail(
        "collections",
        `no KV binding ${namespace}`,
        `Add [[kv_namespaces]] with binding = "${namespace}".`,
      ),
    ];
  }
  if (bound === undefined) {
    return [
      fail(
        "collections",
        `no Durable Object binding ${object}`,
        `Add [[durable_objects.bindings]] with name = "${object}", class_name = "${objectClass}".`,
      ),
    ];
  }
  if (bound.class_name !== objectClass) {
    return [
      fail(
        "collections",
        `${object} is of class ${bound.class_name}, the worker exports ${objectClass}`,
        `class_name = "${objectClass}"`,
      ),
    ];
  }
  if (migrations.some(({ new_sqlite_classes: classes }) => classes.includes(objectClass))) {
    return [ok("collections", `${namespace} and ${object} bound, ${objectClass} in a migration`)];
  }
  const plain = migrations.some(({ new_classes: classes }) => classes.includes(objectClass));
  return [
    fail(
      "collections",
      plain ? `${objectClass} is in new_classes, it needs SQLite` : `no migration makes ${objectClass}`,
      `Add [[migrations]] with new_sqlite_classes = ["${objectClass}"].`,
    ),
  ];
}

async function checkDefaultModel({ vars }: WranglerConfig): Promise<Check> {
  const name = vars.DEFAULT_MODEL;
  if (name === undefined) return ok("default model", "the bundled one, nano");
  if (typeof name !== "string" || name === "") {
    return fail(
      "default model",
      `DEFAULT_MODEL is ${JSON.stringify(name)}`,
      "Name a model in the bucket, or none.",
    );
  }
  const shipped = await listShippedModels().catch(() => new Map<string, string>());
  if (shipped.has(name)) return ok("default model", `${name}, which nearvec comes with`);
  return warn(
    "default model",
    `${name} is none of nearvec's own`,
    "Upload it before the worker is asked: nearvec upload.",
  );
}
