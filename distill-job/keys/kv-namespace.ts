/** A KV namespace over Cloudflare's REST API, which wrangler dev serves for its local one in the same words. */
import { z } from "zod";
import { NearvecError } from "../../shared/errors.ts";
import { networkReason } from "../network-failure.ts";

export interface NamespaceAccess {
  /** URL of the namespace, e.g. `https://api.cloudflare.com/client/v4/accounts/<id>/storage/kv/namespaces/<id>`. */
  readonly url: string;
  /** Null for the local one, which asks for none. */
  readonly token: string | null;
  /** What to do if nothing answers. */
  readonly advice: string;
}

/** Milliseconds for one answer. */
const timeoutMilliseconds = 30_000;

const listSchema = z.object({
  result: z.array(z.object({ name: z.string() })),
  result_info: z.object({ cursor: z.string().optional() }).optional(),
});

const errorSchema = z.object({ errors: z.array(z.object({ message: z.string() })) });

export class KvNamespace {
  readonly #access: NamespaceAccess;

  constructor(access: NamespaceAccess) {
    this.#access = access;
  }

  /** Null if there is nothing of this name. */
  async get(key: string): Promise<string | null> {
    const response = await this.#ask("GET", `/values/${encodeURIComponent(key)}`, undefined, [404]);
    return response.status === 404 ? null : response.text;
  }

  async put(key: string, value: string): Promise<void> {
    await this.#ask("PUT", `/values/${encodeURIComponent(key)}`, value);
  }

  async delete(key: string): Promise<void> {
    await this.#ask("DELETE", `/values/${encodeURIComponent(key)}`);
  }

  /** The names of all keys that begin like this. */
  async list(prefix: string): Promise<string[]> {
    const names: string[] = [];
    let cursor = "";
    do {
      const query = new URLSearchParams({ prefix, ...(cursor === "" ? {} : { cursor }) });
      const { text } = await this.#ask("GET", `/keys?${query}`);
      const page = listSchema.parse(JSON.parse(text));
      names.push(...page.result.map(({ name }) => name));
      cursor = page.result_info?.cursor ?? "";
    } while (cursor !== "");
    return names;
  }

  #ask(method: string, path: string, body?: string, alsoGood: readonly number[] = []): Promise<ApiAnswer> {
    return askApi(this.#access, method, path, body, alsoGood);
  }
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One call to Cloudflare's API, or what stands in for it on this machine.
 *
 * @param alsoGood Statuses beside 2xx that are an answer.
 * @throws NearvecError `connection_failed`, `storage_access_denied`, `request_failed`
 */
export async function askApi(
  { url, token, advice }: NamespaceAccess,
  method: string,
  path: string,
  body?: string,
  alsoGood: readonly number[] = [],
): Promise<ApiAnswer> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const init = { method, headers, signal: AbortSignal.timeout(timeoutMilliseconds) };
  let response: Response;
  let text: string;
  try {
    response = await fetch(url + path, body === undefined ? init : { ...init, body });
    text = await response.text();
  } catch (cause) {
    throw new NearvecError(
      "connection_failed",
      `Expected an answer from ${new URL(url).origin}, but ${networkReason(cause)}. ${advice}`,
      { cause },
    );
  }
  const { status } = response;
  if (response.ok || alsoGood.includes(status)) return { status, text };
  const said = reasonOf(text);
  if (status === 401 || status === 403) {
    throw new NearvecError(
      "storage_access_denied",
      `Expected a token that may edit Workers KV and read Workers, but Cloudflare says ${status}: ${said}. ` +
        "Make one under My Profile, API Tokens, with the template Edit Cloudflare Workers, and export it as CLOUDFLARE_API_TOKEN.",
    );
  }
  throw new NearvecError(
    "request_failed",
    `Expected ${method} ${new URL(url + path).pathname} to work, but got ${status}: ${said}.`,
    { status },
  );
}

function reasonOf(text: string): string {
  try {
    return errorSchema
      .parse(JSON.parse(text))
      .errors.map(({ message }) => message)
      .join(", ");
  } catch {
    // Whatever else stands between us and the API.
    return text.trim().slice(0, 200) || "nothing more";
  }
}
