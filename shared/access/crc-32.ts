/** CRC-32 as in ISO-HDLC, zip and PNG: polynomial 0xEDB88320, reflected. */

/** @param text ASCII; each character is taken for a byte. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc ^= text.charCodeAt(i) & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
