/** Random numbers that are the same for the same seed on every machine. */

/**
 * Mulberry32, a 32-bit generator: enough for shuffling, and a few instructions.
 * Source: Tommy Ettinger, 2017, gist.github.com/tommyettinger/46a874533244883189143505d203312c
 *
 * @returns gives numbers from 0 to below 1
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts items in random order, in place (Fisher and Yates). */
export function shuffle<Items extends { [i: number]: unknown; readonly length: number }>(
  items: Items,
  random: () => number,
): Items {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
  return items;
}
