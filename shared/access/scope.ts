/** What a key may be allowed, and to which collections. */

/** `admin` makes and deletes collections, and includes the other three. */
export const scopes = ["embed", "read", "write", "admin"] as const;

export type Scope = (typeof scopes)[number];

/** What a key's holder may do. */
export interface Grant {
  readonly scopes: readonly Scope[];
  /** Names of collections, or beginnings of names with `*` behind; null for all. */
  readonly collections: readonly string[] | null;
}

/**
 * The first of the scopes needed that a grant lacks; undefined if it has all of them.
 *
 * @example
 * ```ts
 * missingScope({ scopes: ["embed"], collections: null }, ["embed", "read"]); // "read"
 * ```
 */
export function missingScope({ scopes: held }: Grant, needed: readonly Scope[]): Scope | undefined {
  if (held.includes("admin")) return undefined;
  return needed.find((scope) => !held.includes(scope));
}

/** Whether a grant reaches the collection of this name. */
export function reachesCollection({ collections }: Grant, name: string): boolean {
  if (collections === null) return true;
  return collections.some((granted) =>
    granted.endsWith("*") ? name.startsWith(granted.slice(0, -1)) : name === granted,
  );
}
