/** A bit for each document: bit `d & 7` of byte `d >> 3`. */

/** All bits clear. */
export function makeBitmap(documents: number): Uint8Array {
  return new Uint8Array(bitmapBytes(documents));
}

export function bitmapBytes(documents: number): number {
  return Math.ceil(documents / 8);
}

export function setBit(bitmap: Uint8Array, document: number): void {
  bitmap[document >> 3]! |= 1 << (document & 7);
}

export function hasBit(bitmap: Uint8Array, document: number): boolean {
  return ((bitmap[document >> 3]! >> (document & 7)) & 1) === 1;
}

/** How many bits are set. */
export function countBits(bitmap: Uint8Array): number {
  let count = 0;
  for (const byte of bitmap) {
    let bits = byte;
    while (bits !== 0) {
      bits &= bits - 1;
      count++;
    }
  }
  return count;
}
