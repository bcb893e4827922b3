/** Parts that are read as they are needed: checked, and kept for a while, for like searches need like parts. */
import { NearvecError } from "../../../shared/errors.ts";
import { partCacheBytes } from "../../../shared/limits.ts";
import type { PartReference } from "../../../shared/search/collection/manifest.ts";
import { checksumOf, checksumWindowBytes } from "../../../shared/search/kernel/checksum-of.ts";
import { SectionMemory } from "../../../shared/search/kernel/section-memory.ts";
import type { Borrower, IsolateMemory } from "../../isolate-memory.ts";
import type { PublishedStore } from "../published-store.ts";
import { readPart } from "./part-reader.ts";

/** Where parts are: KV, and for what is not published yet the writer's answer. */
export interface PartSource {
  readonly store: PublishedStore;
  readonly incarnation: string;
  /** Parts at hand, by their SHA-256. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

/**
 * Keeps `partCacheBytes` in any case, and more as long as neither a model nor a collection wants the isolate's memory:
 * to read a part and to check it costs more than to find ten documents in it.
 */
export class PartCache implements Borrower {
  readonly #lender: Pick<IsolateMemory, "freeBytes"> | null;
  /** By SHA-256, the least recently used first. */
  readonly #kept = new Map<string, Uint8Array>();
  #usedBytes = 0;
  readonly #memory = new SectionMemory();
  readonly #window = this.#memory.allocate(checksumWindowBytes);

  /** @param lender whose free memory it may use; null: none */
  constructor(lender: Pick<IsolateMemory, "freeBytes" | "lendTo"> | null = null) {
    this.#lender = lender;
    lender?.lendTo(this);
  }

  /** Bytes of the parts that are kept. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** @throws NearvecError `storage_unavailable`, `artifact_truncated`, `artifact_corrupt` */
  async read(reference: PartReference, source: PartSource): Promise<Uint8Array> {
    const { sha256 } = reference;
    const atHand = source.parts[sha256] ?? this.#use(sha256);
    if (atHand !== undefined) return atHand;
    const bytes = await readPart(source.store, source.incarnation, reference);
    if (checksumOf(this.#memory, this.#window, bytes) !== reference.checksum) {
      throw new NearvecError(
        "artifact_corrupt",
        `Expected part ${sha256} to have checksum ${reference.checksum}. It is damaged.`,
      );
    }
    this.#keep(sha256, bytes);
    return bytes;
  }

  giveBack(): void {
    const budgetBytes = this.#budgetBytes();
    for (const [oldest, { length }] of this.#kept) {
      if (this.#usedBytes <= budgetBytes) break;
      this.#kept.delete(oldest);
      this.#usedBytes -= length;
    }
  }

  #budgetBytes(): number {
    return Math.max(partCacheBytes, this.#lender?.freeBytes ?? 0);
  }

  #use(sha256: string): Uint8Array | undefined {
    const bytes = this.#kept.get(sha256);
    if (bytes !== undefined) {
      this.#kept.delete(sha256);
      this.#kept.set(sha256, bytes);
    }
    return bytes;
  }

  #keep(sha256: string, bytes: Uint8Array): void {
    if (bytes.length > this.#budgetBytes() || this.#kept.has(sha256)) return;
    this.#kept.set(sha256, bytes);
    this.#usedBytes += bytes.length;
    this.giveBack();
  }
}
