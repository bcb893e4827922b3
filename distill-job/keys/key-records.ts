/** The records of all keys of a worker, read and changed one by one. */
import { readApiKey } from "../../shared/access/api-key.ts";
import {
  type KeyRecord,
  keyRecordKey,
  keyRecordPrefix,
  readKeyRecord,
} from "../../shared/access/key-record.ts";
import { NearvecError } from "../../shared/errors.ts";
import type { KvNamespace } from "./kv-namespace.ts";

/** Calls to the API at the same time. */
const concurrency = 6;

export class KeyRecords {
  readonly #namespace: Pick<KvNamespace, "get" | "put" | "delete" | "list">;

  constructor(namespace: Pick<KvNamespace, "get" | "put" | "delete" | "list">) {
    this.#namespace = namespace;
  }

  /** By name, then by date. */
  async all(): Promise<KeyRecord[]> {
    const names = await this.#namespace.list(keyRecordPrefix);
    const records: KeyRecord[] = [];
    const next = async (): Promise<void> => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const record = await this.find(name.slice(keyRecordPrefix.length));
        // Revoked a moment ago: the list is older than that.
        if (record !== undefined) records.push(record);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, next));
    return records.sort((a, b) => a.name.localeCompare(b.name) || a.created.localeCompare(b.created));
  }

  /** @throws NearvecError `answer_invalid` if what is stored is no record */
  async find(id: string): Promise<KeyRecord | undefined> {
    const text = await this.#namespace.get(keyRecordKey(id));
    if (text === null) return undefined;
    const record = readKeyRecord(id, text);
    if (record !== undefined) return record;
    throw new NearvecError(
      "answer_invalid",
      `Expected the record of a key at ${keyRecordKey(id)} in KV, got something else; it opens nothing. Remove it: nearvec keys revoke ${id}`,
      { param: id },
    );
  }

  /** @throws NearvecError `not_found` */
  async get(id: string): Promise<KeyRecord> {
    return (await this.find(id)) ?? notThere(id);
  }

  async put(record: KeyRecord): Promise<void> {
    await this.#namespace.put(keyRecordKey(record.id), JSON.stringify(record));
  }

  /** Removes even what is no record. @throws NearvecError `not_found` */
  async remove(id: string): Promise<void> {
    if ((await this.#namespace.get(keyRecordKey(id))) === null) notThere(id);
    await this.#namespace.delete(keyRecordKey(id));
  }
}

/**
 * The id that the user means: the id itself, the beginning of a key up to it, or a whole key.
 *
 * @throws NearvecError `invalid_request`, without what was given: it may be a secret
 */
export function keyIdOf(text: string): string {
  const whole = readApiKey(text);
  if (typeof whole !== "string") return whole.id;
  const id = /^(?:nv_)?([0-9a-z]{8})_?$/.exec(text)?.[1];
  if (id !== undefined) return id;
  throw new NearvecError(
    "invalid_request",
    `Expected the id of a key, 8 letters and digits as \`nearvec keys list\` shows them, got ${whole === "checksum" ? "a key that is cut or mistyped" : `${text.length} characters that are none`}.`,
    { param: "id" },
  );
}

function notThere(id: string): never {
  throw new NearvecError(
    "not_found",
    `Expected a key with the id ${id}, there is none. \`nearvec keys list\` shows all.`,
    { param: "id" },
  );
}
