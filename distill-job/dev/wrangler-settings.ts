/** The few settings of wrangler.toml that the command line needs too, read from there so that they are in one place. */
import { readFile } from "node:fs/promises";
import { NearvecError } from "../../shared/errors.ts";

export interface WranglerSettings {
  /** The model that the worker answers with when a request names none; undefined if that is the bundled one. */
  readonly defaultModel: string | undefined;
  /** Undefined if the worker has no bucket. */
  readonly bucket: LocalBucketSettings | undefined;
}

export interface LocalBucketSettings {
  readonly name: string;
  /** Key of the S3 endpoint that wrangler dev opens. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where the project's wrangler.toml is. */
export const wranglerConfigPath = new URL("../../wrangler.toml", import.meta.url);

/**
 * Finds `key = "value"` wherever it stands: enough for our own file, and no TOML parser to install.
 *
 * @throws NearvecError `not_found` if the file, or a key of the bucket that it has, is not there.
 */
export async function readWranglerSettings(path: URL = wranglerConfigPath): Promise<WranglerSettings> {
  const text = await readConfig(path);
  const find = (key: string): string | undefined =>
    new RegExp(`^[^#\\n]*\\b${key}\\s*=\\s*"([^"]+)"`, "m").exec(text)?.[1];
  const setting = (key: string): string => {
    const value = find(key);
    if (value !== undefined) return value;
    throw new NearvecError("not_found", `Expected ${key} = "…" in ${path.pathname}, got none. Put it back.`, {
      param: key,
    });
  };
  const name = find("bucket_name");
  return {
    defaultModel: find("DEFAULT_MODEL"),
    bucket:
      name === undefined
        ? undefined
        : { name, accessKeyId: setting("accessKeyId"), secretAccessKey: setting("secretAccessKey") },
  };
}

/** What the worker is called on Cloudflare. @throws NearvecError `not_found` */
export async function readWorkerName(path: URL = wranglerConfigPath): Promise<string> {
  // The first of the file; bindings have their names further down.
  const name = /^name\s*=\s*"([^"]+)"/m.exec(await readConfig(path))?.[1];
  if (name !== undefined) return name;
  throw new NearvecError("not_found", `Expected name = "…" in ${path.pathname}, got none. Put it back.`, {
    param: "name",
  });
}

function readConfig(path: URL): Promise<string> {
  return readFile(path, "utf8").catch((cause: unknown) => {
    throw new NearvecError("not_found", `Expected ${path.pathname}, but it cannot be read.`, { cause });
  });
}
