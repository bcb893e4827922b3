/** JSON Merge Patch (RFC 7396) on a document's metadata. */
import type { Metadata } from "../../shared/search/collection/document.ts";

/** The metadata after the patch: null removes a member, an object is merged, anything else replaces. */
export function mergePatch(target: unknown, patch: Metadata): Metadata {
  // By entries, not by assignment: a member may be called __proto__.
  const merged = new Map<string, unknown>(isRecord(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isRecord(value) ? mergePatch(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isRecord(value: unknown): value is Metadata {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
