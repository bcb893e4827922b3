/**
 * Stand-in for a KV namespace at its worst, for what the local one never does: reads return what was there up to a
 * minute ago, "not found" for a fresh key included, and puts fail at random, some of them after they took effect.
 */
import { random } from "./written-documents.ts";

interface Version {
  /** Null if it was deleted. */
  readonly value: Uint8Array | null;
  /** Milliseconds on the stand-in's clock. */
  readonly at: number;
}

export interface UnreliableOptions {
  readonly seed: number;
  /** Of the puts, how many fail, from 0 to 1; half of those have taken effect. */
  readonly failing?: number;
  /** Milliseconds by which a read may be behind. */
  readonly staleMilliseconds?: number;
}

export class UnreliableNamespace {
  readonly #versions = new Map<string, Version[]>();
  readonly #next: () => number;
  readonly #failing: number;
  readonly #staleMilliseconds: number;
  /** The stand-in's own clock: whoever tests moves it on. */
  now = 0;
  /** Every put and delete that took effect, in order. */
  readonly log: {
    readonly kind: "put" | "delete";
    readonly key: string;
    readonly value: Uint8Array | null;
  }[] = [];
  failures = 0;

  constructor({ seed, failing = 0, staleMilliseconds = 60_000 }: UnreliableOptions) {
    this.#next = random(seed);
    this.#failing = failing;
    this.#staleMilliseconds = staleMilliseconds;
  }

  async put(key: string, value: string | ArrayBuffer | ArrayBufferView): Promise<void> {
    const bytes =
      typeof value === "string"
        ? new TextEncoder().encode(value)
        : ArrayBuffer.isView(value)
          ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice()
          : new Uint8Array(value.slice(0));
    await this.#change("put", key, bytes);
  }

  async delete(key: string): Promise<void> {
    await this.#change("delete", key, null);
  }

  /** What one of Cloudflare's places may answer: any state of the key within the last minute. */
  read(key: string): Uint8Array | null {
    const versions = this.#versions.get(key) ?? [];
    const asOf = this.now - (this.#next() % (this.#staleMilliseconds + 1));
    return versions.findLast(({ at }) => at <= asOf)?.value ?? null;
  }

  /** What is there now. */
  current(key: string): Uint8Array | null {
    return this.#versions.get(key)?.at(-1)?.value ?? null;
  }

  keys(): string[] {
    return [...this.#versions.keys()].filter((key) => this.current(key) !== null);
  }

  async #change(kind: "put" | "delete", key: string, value: Uint8Array | null): Promise<void> {
    await Promise.resolve();
    const fails = (this.#next() % 10_000) / 10_000 < this.#failing;
    const takesEffect = !fails || this.#next() % 2 === 0;
    if (takesEffect) {
      const versions = this.#versions.get(key);
      if (versions === undefined) this.#versions.set(key, [{ value, at: this.now }]);
      else versions.push({ value, at: this.now });
      this.log.push({ kind, key, value });
    }
    if (fails) {
      this.failures++;
      throw new Error(`KV ${kind.toUpperCase()} failed: 429 Too Many Requests`);
    }
  }
}
