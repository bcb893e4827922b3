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

/** Bytes of base64 in the standard alphabet, with padding; null if it is none. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  // Decoders also take spaces and text without padding: what we print has one form.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const decoder: Decoder = Uint8Array;
  if (decoder.fromBase64 !== undefined) return decoder.fromBase64(text);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** The vector of which these are the little-endian bytes; null if it is no base64, or not of whole float32 values. */
export function decodeFloatsFromBase64(text: string): Float32Array<ArrayBuffer> | null {
  const bytes = decodeBase64(text);
  return bytes === null || bytes.length % 4 !== 0 ? null : new Float32Array(bytes.buffer);
}
