/** The opaque place in a list that a page ends at. */
import { NearvecError } from "../../errors.ts";

/** Told apart so that a cursor of another list, or of another version, is refused. */
export type CursorKind = "documents" | "collections";

const encoder = new TextEncoder();

/** @param position What the next page begins after. @param scope What the list was asked with; a cursor is good for no other. */
export function encodeCursor(kind: CursorKind, position: string, scope: string): string {
  const content = JSON.stringify([kind, position, scope]);
  const text = JSON.stringify([kind, position, checkOf(content)]);
  return btoa(String.fromCharCode(...encoder.encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The position. @throws NearvecError `invalid_request` if the cursor is none of ours, or of another list. */
export function decodeCursor(kind: CursorKind, cursor: string, scope: string): string {
  const fields = parse(cursor);
  if (Array.isArray(fields)) {
    const [itsKind, position, check]: unknown[] = fields;
    const content = JSON.stringify([kind, position, scope]);
    if (itsKind === kind && typeof position === "string" && check === checkOf(content)) return position;
  }
  throw new NearvecError(
    "invalid_request",
    "Expected cursor to be the next_cursor of a page that was asked with the same prefix, got something else. Start again without one.",
    { param: "cursor" },
  );
}

function parse(cursor: string): unknown {
  try {
    const binary = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    // Whatever is wrong with it, it is no cursor.
    return null;
  }
}

/** FNV-1a, 32 bits: against cursors that were cut or mixed up. Whoever forges one gets a list from elsewhere on, no more. */
function checkOf(content: string): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(content)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
