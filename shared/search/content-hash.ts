/** What a document's content is recognized by, so that writing it again costs no embedding. */
import type { SourceDocument } from "./collection/document.ts";

/**
 * SHA-256, in hexadecimal, of everything that a document's stored form depends on but the collection's settings,
 * which never change: its text, its metadata whatever the order of their keys, and the vector that came with it.
 *
 * @param vector What the client brought; null where the text is embedded.
 */
export async function contentHash(
  { text, metadata }: Pick<SourceDocument, "text" | "metadata">,
  vector: readonly number[] | Float32Array | null = null,
): Promise<string> {
  const content = JSON.stringify([text, sortKeys(metadata), vector === null ? null : [...vector]]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, sortKeys(inner)] as const);
  entries.sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries);
}
