/** Unsigned numbers of 32 bits in one to five bytes, seven bits each, the lowest first: LEB128. */

/** Bytes of the longest. */
export const maxVarintBytes = 5;

export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

/** @returns the position after it */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let rest = value;
  let position = at;
  while (rest >= 0x80) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

/** Reads varints one after the other, and never beyond `end`. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  position: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.position = start;
    this.#end = Math.min(end, bytes.length);
  }

  get done(): boolean {
    return this.position >= this.#end;
  }

  /** The next number; -1 if the bytes end within it or it needs more than 32 bits. */
  next(): number {
    let value = 0;
    for (let shift = 0; shift < 7 * maxVarintBytes; shift += 7) {
      if (this.position >= this.#end) return -1;
      const byte = this.#bytes[this.position++]!;
      if (shift === 28 && byte > 0x0f) return -1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }
}
