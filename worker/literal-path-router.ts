/** Hono's router of tries, which remembers where paths without parameters lead: most requests go to one of a few. */
import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";

/**
 * Hono's fastest router refuses a fixed word beside a parameter with slashes, as `documents/delete` and
 * `documents/:id{.+}` are; walking the trie takes longer than embedding a text.
 */
export class LiteralPathRouter<Target> implements Router<Target> {
  readonly name = "LiteralPathRouter";
  readonly #trie = new TrieRouter<Target>();
  readonly #methods = new Set<string>();
  /** By path, then by method, of those registered alone: requests cannot make it grow. */
  readonly #remembered = new Map<string, Map<string, Result<Target>>>();
  readonly #answers: (handler: Target) => boolean;

  /**
   * @param answers Whether a handler never goes on to the next one. Those behind it are left out: Hono calls a handler
   *   that stands alone as it is, and makes promises and closures for a chain of two.
   */
  constructor(answers: (handler: Target) => boolean = () => false) {
    this.#answers = answers;
  }

  add(method: string, path: string, handler: Target): void {
    this.#trie.add(method, path, handler);
    this.#methods.add(method);
    for (const results of this.#remembered.values()) results.clear();
    if (!/[:*?]/.test(path) && !this.#remembered.has(path)) this.#remembered.set(path, new Map());
  }

  match(method: string, path: string): Result<Target> {
    const results = this.#remembered.get(path);
    if (results === undefined) return this.#reached(method, path);
    const known = results.get(method);
    if (known !== undefined) return known;
    const found = this.#reached(method, path);
    if (this.#methods.has(method)) results.set(method, found);
    return found;
  }

  #reached(method: string, path: string): Result<Target> {
    const found = this.#trie.match(method, path);
    const last = found[0].findIndex(([handler]) => this.#answers(handler));
    if (last >= 0) found[0].length = last + 1;
    return found;
  }
}
