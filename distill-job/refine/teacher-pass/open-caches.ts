/** Caches that are closed together, when the block ends that reads them. */
import type { VectorCache } from "./vector-cache.ts";

/** What AsyncDisposableStack does, which Node 20 has not. */
export class OpenCaches implements AsyncDisposable {
  readonly #caches: Pick<VectorCache, "close">[] = [];

  add(cache: Pick<VectorCache, "close">): void {
    this.#caches.push(cache);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#caches.map((cache) => cache.close()));
  }
}
