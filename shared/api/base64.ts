/** Base64 of float32 vectors, as `encoding_format: "base64"` sends them. */

/** Engines that have it encode many times faster than any JavaScript; TypeScript does not know it everywhere yet. */
type Encoder = Uint8Array & { toBase64?: () => string };
type Decoder = typeof Uint8Array & { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** Bytes turned into one string at a time: far below the engines' limit on arguments, divisible by three. */
const bytesPerPiece = 0x2000 * 3;

/** Encodes the little-endian bytes of a vector. */
export function encodeFloatsAsBase64(vector: Float32Array): string {
  return encodeBase64(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
}

/** Encodes bytes in the standard alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const encoder: Encoder = bytes;
  if (encoder.toBase64 !== undefined) return encoder.toBase64();
  let text = "";
  for (let start = 0; start < bytes.length; start += bytesPerPiece) {
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + bytesPerPiece)));
  }
  return text;
}

/**
 * Decodes the little-endian bytes of a vector.
 *
 * @returns null if the text is not base64, or not of whole float32 values.
 */
export function decodeFloatsFromBase64(text: string): Float32Array<ArrayBuffer> | null {
  const bytes = decodeBase64(text);
  return bytes === null || bytes.length % 4 !== 0 ? null : new Float32Array(bytes.buffer);
}

/** Decodes the standard alphabet; null if the text is anything else. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const decoder: Decoder = Uint8Array;
  try {
    if (decoder.fromBase64 !== undefined) return decoder.fromBase64(text);
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}
