/** Stand-in for a KV namespace that does what the real one may do and the local one does not: it forgets, damages, fails and is late. */
import type { PublishedStore } from "../../worker/collections/published-store.ts";
import { bindings } from "./model-fixtures.ts";

export class FaultyStore implements PublishedStore {
  /** Every key that was read, in order. */
  readonly reads: string[] = [];
  /** Keys that are said not to be there. */
  hidden: (key: string) => boolean = () => false;
  /** Keys a bit of whose value is wrong. */
  damaged: (key: string) => boolean = () => false;
  /** Keys that cannot be read at all. */
  failing: (key: string) => boolean = () => false;
  /** What is returned in place of what is there now, by key. */
  readonly stale = new Map<string, string | null>();

  get: KVNamespace["get"] = (async (key: string, options: { type: "text" | "arrayBuffer" }) => {
    this.reads.push(key);
    if (this.failing(key)) throw new Error("KV GET failed: 503 Service Unavailable");
    if (this.hidden(key)) return null;
    const stale = this.stale.get(key);
    if (stale !== undefined) return stale;
    const value = (await bindings.COLLECTIONS.get(key, options as never)) as string | ArrayBuffer | null;
    if (!this.damaged(key) || !(value instanceof ArrayBuffer)) return value;
    const bytes = new Uint8Array(value.slice(0));
    bytes[bytes.length - 1]! ^= 1;
    return bytes.buffer;
  }) as KVNamespace["get"];

  list: KVNamespace["list"] = ((options?: KVNamespaceListOptions) =>
    bindings.COLLECTIONS.list(options)) as KVNamespace["list"];

  /** The store as a binding. */
  get bindings() {
    return { COLLECTIONS: this as unknown as KVNamespace, COLLECTION: bindings.COLLECTION };
  }
}
