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

/** Clears the bits of `target` that are not set in `other`. */
export function intersectBitmaps(target: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i]! &= other[i]!;
}

/** Sets the bits of `target` that are set in `other`. */
export function uniteBitmaps(target: Uint8Array, other: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i]! |= other[i]!;
}

/** Clears the bits that are set and sets the others, those of documents only. @returns the same bitmap */
export function invertBitmap(bitmap: Uint8Array, documents: number): Uint8Array {
  for (let i = 0; i < bitmap.length; i++) bitmap[i]! ^= 0xff;
  const rest = documents & 7;
  if (rest > 0) bitmap[bitmap.length - 1]! &= (1 << rest) - 1;
  return bitmap;
}
