/**
 * Which manifest of a collection is in force, as far as this isolate knows.
 *
 * KV may return what is a minute old, "not found" included. So the newest manifest ever seen is kept, an older
 * one never replaces it, and only the writer is believed that there is no collection.
 */
import { collectionNotFound } from "../../../shared/api/collections/collection-name.ts";
import { loadStallSeconds, manifestCacheSeconds, manifestTtlSeconds } from "../../../shared/limits.ts";
import { manifestKey } from "../../../shared/search/collection/collection-keys.ts";
import { type Manifest, manifestFormatVersion } from "../../../shared/search/collection/manifest.ts";
import { SingleFlight } from "../../single-flight.ts";
import type { CollectionHost } from "../collection-host.ts";
import { fromStore } from "../published-store.ts";

export interface ManifestReaderOptions {
  readonly ttlSeconds?: number;
  /** Milliseconds since 1970; tests pass a clock of their own. */
  readonly now?: () => number;
}

interface Known {
  readonly manifest: Manifest;
  /** Milliseconds since 1970: until then it is not read again. */
  readonly freshUntil: number;
}

/** Collections remembered at most. */
const maxKnown = 256;

export class ManifestReader {
  readonly #known = new Map<string, Known>();
  /** Milliseconds since 1970: until then there is no such collection. */
  readonly #absent = new Map<string, number>();
  /** When the newest incarnation that was deleted here had been created. */
  readonly #deleted = new Map<string, number>();
  readonly #flights = new SingleFlight<Manifest | null>(loadStallSeconds);
  readonly #ttlMilliseconds: number;
  readonly #now: () => number;

  constructor(options: ManifestReaderOptions = {}) {
    this.#ttlMilliseconds = (options.ttlSeconds ?? manifestTtlSeconds) * 1000;
    this.#now = options.now ?? Date.now;
  }

  /**
   * The newest manifest that is to be had without asking the writer; or his, where KV has none.
   *
   * @throws NearvecError `collection_not_found`, `storage_unavailable`
   */
  async read(name: string, host: CollectionHost): Promise<Manifest> {
    const known = this.#known.get(name);
    if (known !== undefined && this.#now() < known.freshUntil) return known.manifest;
    if (this.#now() < (this.#absent.get(name) ?? 0)) throw collectionNotFound(name);
    const manifest = await this.#flights.run(
      name,
      () => this.#refresh(name, host),
      (promise) => host.waitUntil(promise),
    );
    if (manifest === null) throw collectionNotFound(name);
    return manifest;
  }

  /** Takes in a manifest that came from elsewhere; returns the newer of the two. */
  learn(manifest: Manifest): Manifest {
    const { name } = manifest;
    const known = this.#known.get(name)?.manifest;
    const newest = known !== undefined && !isNewer(manifest, known) ? known : manifest;
    this.#known.delete(name);
    if (this.#known.size >= maxKnown) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(name, { manifest: newest, freshUntil: this.#now() + this.#ttlMilliseconds });
    this.#absent.delete(name);
    return newest;
  }

  /** Forgets a collection that was deleted: manifests of it that KV still returns are not believed. */
  forget(name: string, createdAt: number): void {
    this.#known.delete(name);
    if (this.#deleted.size >= maxKnown) this.#deleted.clear();
    this.#deleted.set(name, createdAt);
  }

  /** Forgets that there is no such collection: it has just been made. */
  expect(name: string): void {
    this.#absent.delete(name);
  }

  async #refresh(name: string, host: CollectionHost): Promise<Manifest | null> {
    const stored = await this.#readStored(name, host);
    if (stored !== null) return this.learn(stored);
    const manifest = await host.writer(name).manifest();
    if (manifest !== null) return this.learn(manifest);
    this.#known.delete(name);
    if (this.#absent.size >= maxKnown) this.#absent.clear();
    this.#absent.set(name, this.#now() + this.#ttlMilliseconds);
    return null;
  }

  /** Null where KV has none, one of a deleted collection, or nothing that can be read. */
  async #readStored(name: string, host: CollectionHost): Promise<Manifest | null> {
    const key = manifestKey(name);
    const known = this.#known.get(name)?.manifest;
    let text: string | null;
    try {
      text = await fromStore(key, () =>
        host.store.get(key, { type: "text", cacheTtl: manifestCacheSeconds }),
      );
    } catch (error) {
      if (known === undefined) throw error;
      console.warn({ event: "manifest_refresh_failed", collection: name, error: String(error) });
      return known;
    }
    const manifest = text === null ? null : parseManifest(text, name);
    return manifest === null || manifest.createdAt <= (this.#deleted.get(name) ?? 0) ? null : manifest;
  }
}

function isNewer(candidate: Manifest, known: Manifest): boolean {
  return candidate.incarnation === known.incarnation
    ? candidate.generation > known.generation
    : candidate.createdAt > known.createdAt;
}

function parseManifest(text: string, name: string): Manifest | null {
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.formatVersion === manifestFormatVersion && manifest.name === name) return manifest;
    console.error({ event: "manifest_invalid", collection: name, format: manifest.formatVersion });
  } catch (error) {
    console.error({ event: "manifest_invalid", collection: name, error: String(error) });
  }
  // The writer has the true one.
  return null;
}
