/**
 * A stand-in for the wrangler command, which takes seconds to start: sends the requests that the real one sends, in its
 * order, to the stand-in of Cloudflare's API, and answers in its form. real-wrangler.test.ts holds the two to each other.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Wrangler, WranglerOutcome, WranglerRecord } from "../../distill-job/deploy/wrangler.ts";
import { account } from "./cloudflare-stand-in.ts";

class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(path: string, status: number, { code, message }: { code: number; message: string }) {
    super(`A request to the Cloudflare API (${path}) failed. ${message} [code: ${code}]`);
    this.status = status;
    this.code = code;
  }
}

export class WranglerStandIn implements Wrangler {
  readonly commands: string[] = [];
  readonly #url: string;
  readonly #token: string;

  constructor(environment: Readonly<Record<string, string>>) {
    this.#url = environment.CLOUDFLARE_API_BASE_URL!;
    this.#token = environment.CLOUDFLARE_API_TOKEN!;
  }

  async run(args: readonly string[]): Promise<WranglerOutcome> {
    this.commands.push(args.join(" "));
    const records: WranglerRecord[] = [];
    try {
      const stdout = await this.#run(args, records);
      return { ok: true, stdout, records };
    } catch (error) {
      const { message, code } = error as ApiError;
      return { ok: false, code, message: message === "fetch failed" ? "fetch failed" : message };
    }
  }

  async #run(args: readonly string[], records: WranglerRecord[]): Promise<string> {
    const option = (name: string) => args[args.indexOf(name) + 1]!;
    switch (args.slice(0, args[0] === "r2" || args[0] === "kv" ? 3 : 2).join(" ")) {
      case "whoami --json": {
        await this.#get("/user/tokens/verify");
        await this.#get("/user");
        const accounts = await this.#get("/accounts");
        await this.#get("/memberships");
        return JSON.stringify({ loggedIn: true, accounts });
      }
      case "deployments status": {
        const { deployments } = await this.#get(this.#script(option("--name"), "/deployments"));
        return JSON.stringify(deployments[0]);
      }
      case `versions view`:
        return JSON.stringify(await this.#get(this.#script(option("--name"), `/versions/${args[2]}`)));
      case "r2 bucket create":
        await this.#send("POST", this.#account("/r2/buckets"), { name: args[3] });
        return "";
      case "kv namespace list":
        return JSON.stringify(await this.#get(this.#account("/storage/kv/namespaces")));
      case "kv namespace create":
        await this.#send("POST", this.#account("/storage/kv/namespaces"), { title: args[3] });
        return "";
      case "r2 object get":
        await this.#getObject(args[3]!, option("--file"));
        return "";
      case "r2 object put":
        await this.#send("PUT", this.#object(args[3]!), await readFile(option("--file")));
        return "";
      case "triggers deploy": {
        const { name } = JSON.parse(await readFile(option("--config"), "utf8"));
        return `Deployed ${name} triggers (0.10 sec)\n  https://${await this.#connect(name)}\n`;
      }
      case "deploy --config":
        return this.#deploy(args, option, records);
    }
    throw new Error(`Expected a command that the stand-in knows, got ${args.join(" ")}.`);
  }

  async #deploy(
    args: readonly string[],
    option: (name: string) => string,
    records: WranglerRecord[],
  ): Promise<string> {
    if (args.includes("--dry-run")) {
      await writeFile(join(option("--outdir"), "index.js"), "export default {}");
      return "--dry-run: exiting now.";
    }
    const config = JSON.parse(await readFile(option("--config"), "utf8"));
    const { name } = config;
    const service = await this.#get(this.#account(`/workers/services/${name}`)).catch((error: ApiError) => {
      if (error.code === 10007) return null;
      throw error;
    });
    if (service === null) await this.#get(this.#account("/workers/subdomain"));
    const migrated = service?.default_environment.script.migration_tag === "v1";
    const metadata = {
      bindings: [
        ...config.kv_namespaces.map(({ binding, id }: { binding: string; id: string }) => ({
          type: "kv_namespace",
          name: binding,
          namespace_id: id,
        })),
        ...config.r2_buckets.map(({ binding, bucket_name }: { binding: string; bucket_name: string }) => ({
          type: "r2_bucket",
          name: binding,
          bucket_name,
        })),
        { type: "plain_text", name: "DEFAULT_MODEL", text: config.vars.DEFAULT_MODEL },
      ],
      annotations: { "workers/tag": option("--tag") },
      ...(migrated ? {} : { migrations: { new_tag: "v1" } }),
    };
    const form = new FormData();
    form.set("metadata", JSON.stringify(metadata));
    form.set("index.js", new File(["export default {}"], "index.js"));
    const version = migrated
      ? await this.#send("POST", this.#script(name, "/versions"), form)
      : await this.#send("PUT", this.#script(name, ""), form);
    const id = version.deployment_id;
    if (migrated) {
      await this.#send("POST", this.#script(name, "/deployments"), {
        versions: [{ version_id: id, percentage: 100 }],
      });
    }
    const host = await this.#connect(name);
    records.push({ type: "deploy", version: 1, version_id: id, targets: [`https://${host}`] });
    return "";
  }

  async #connect(name: string): Promise<string> {
    const { subdomain } = await this.#get(this.#account(`/workers/workers/${name}`));
    await this.#send("POST", this.#script(name, "/subdomain"), { enabled: true });
    return new URL(subdomain.url).hostname;
  }

  async #getObject(path: string, file: string): Promise<void> {
    const response = await this.#fetch("GET", this.#object(path));
    if (response.status === 404) throw new Error("The specified key does not exist.");
    if (!response.ok) throw new Error(`Failed to fetch ${path} - ${response.status}`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, new Uint8Array(await response.arrayBuffer()));
  }

  #account(path: string): string {
    return `/accounts/${account.id}${path}`;
  }

  #script(name: string, path: string): string {
    return this.#account(`/workers/scripts/${name}${path}`);
  }

  #object(path: string): string {
    const [bucket, ...key] = path.split("/");
    return this.#account(`/r2/buckets/${bucket}/objects/${key.join("/")}`);
  }

  #get(path: string) {
    return this.#send("GET", path);
  }

  // biome-ignore lint/suspicious/noExplicitAny: what the API answers
  async #send(method: string, path: string, body?: unknown): Promise<any> {
    const response = await this.#fetch(method, path, body);
    const { success, errors, result } = (await response.json()) as never as {
      success: boolean;
      errors: { code: number; message: string }[];
      result: unknown;
    };
    if (!success) throw new ApiError(path, response.status, errors[0]!);
    return result;
  }

  #fetch(method: string, path: string, body?: unknown): Promise<Response> {
    const raw = body instanceof FormData || body instanceof Uint8Array;
    return fetch(`${this.#url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body === undefined ? {} : { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    });
  }
}
