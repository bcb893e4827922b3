/** Texts as sets of word sequences: what tells near duplicates from texts that only share a subject. */

/** Words of a shingle: five in a row are seldom the same by chance. */
export const wordsPerShingle = 5;

/** A text's words without case, accents and punctuation: what two copies of a text have in common. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The text as exact duplicates have it in common; texts without a letter or digit stay as they are. */
export function exactKey(text: string): string {
  const words = wordsOf(text);
  return words.length === 0 ? text : words.join(" ");
}

/** Hashes (32 bits) of all sequences of five words; of the whole text if it has fewer. */
export function shinglesOf(text: string): Set<number> {
  const words = wordsOf(text);
  const shingles = new Set<number>();
  for (let i = 0; i + wordsPerShingle <= words.length; i++) {
    shingles.add(hashOf(words.slice(i, i + wordsPerShingle).join(" ")));
  }
  if (shingles.size === 0) shingles.add(hashOf(exactKey(text)));
  return shingles;
}

/** How many shingles two sets share. */
export function sharedShingles(left: ReadonlySet<number>, right: ReadonlySet<number>): number {
  let shared = 0;
  for (const shingle of left) if (right.has(shingle)) shared++;
  return shared;
}

/** FNV-1a over UTF-16 units, with the avalanche of MurmurHash3, so that the smallest hashes are any hashes. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
