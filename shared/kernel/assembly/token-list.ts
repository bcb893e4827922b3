/** The list of token ids that a text becomes. */
import { ids, idsCapacity } from "./scratch";
import { unkTokenId } from "./tables";

/** Token ids so far, never more than `limit`. */
export let count: u32 = 0;
let limit: u32 = 0;
let keepUnknown: bool = false;

/** Begins an empty list of at most `maxTokens` ids, with the unknown token among them or not. */
export function beginTokens(maxTokens: u32, withUnknown: bool): void {
  count = 0;
  limit = min(maxTokens, idsCapacity);
  keepUnknown = withUnknown;
}

/** Whether the list is full. */
@inline
export function isFull(): bool {
  return count >= limit;
}

/** Appends an id, unless the list is full or the token is the unknown one and is dropped. */
@inline
export function appendToken(id: u32): void {
  if (id == unkTokenId && !keepUnknown) return;
  if (count >= limit) return;
  store<u32>(ids + (<usize>count << 2), id);
  count++;
}

/** Takes back all but the first `kept` ids. */
@inline
export function keepTokens(kept: u32): void {
  count = kept;
}
