/** An entry of a document as a vector of Vectorize: what it is called there, and what it carries. */
import { encodeBase64 } from "../../../shared/api/base64.ts";
import type { CollectionSettings } from "../../../shared/search/collection/collection-settings.ts";
import type { EncodedDocument } from "../../../shared/search/collection/document.ts";
import { fieldValue } from "../../../shared/search/filter/field-value.ts";

/** What stands before the names of declared fields, so that none is taken for ours. */
export const fieldPrefix = "field_";

/** What a vector says of itself beside the declared fields. */
export interface EntryMetadata {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

/** Bytes of a string that a metadata index looks at. */
const indexedBytes = 64;

const encoder = new TextEncoder();

/** As much of a string as filters can ask for: all of a long one may be more than a vector can carry. */
export function indexedText(text: string): string {
  return text.slice(0, encoder.encodeInto(text, new Uint8Array(indexedBytes)).read);
}

/**
 * What all vectors of a document begin with. Ids there have 64 bytes at most, ours 512: so it is a digest of 43. The
 * namespace is part of it, for an id is there once in all namespaces.
 */
export async function vectorPrefix(namespace: string, id: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(`${namespace}/${id}`));
  return encodeBase64(new Uint8Array(digest)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

/** The name of one entry. */
export function vectorId(prefix: string, entry: number): string {
  return `${prefix}.${entry}`;
}

/** The prefix and the entry of a name. */
export function parseVectorId(id: string): { prefix: string; entry: number } {
  const dot = id.lastIndexOf(".");
  return { prefix: id.slice(0, dot), entry: Number(id.slice(dot + 1)) };
}

/** The first row of each entry: windows are not told apart there. @param namespace the collection's incarnation */
export async function storedVectors(
  { id, metadata, entries, values, scales }: EncodedDocument,
  { dimensions, fields }: Pick<CollectionSettings, "dimensions" | "fields">,
  namespace: string,
): Promise<VectorizeVector[]> {
  const prefix = await vectorPrefix(namespace, id);
  const declared: Record<string, string | number | boolean> = {};
  for (const [name, type] of Object.entries(fields)) {
    if (type === "string[]") continue;
    const value = fieldValue(metadata, name, type);
    if (value !== undefined)
      declared[fieldPrefix + name] = typeof value === "string" ? indexedText(value) : value;
  }
  let row = 0;
  return entries.map(({ from, to, rows }, entry) => {
    const scale = scales[row]!;
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions);
    row += rows;
    return {
      id: vectorId(prefix, entry),
      namespace,
      values: Float32Array.from(vector, (value) => value * scale),
      metadata: { id, from, to, ...declared },
    };
  });
}
