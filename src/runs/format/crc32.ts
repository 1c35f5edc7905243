/** CRC-32 (IEEE 802.3, the one of gzip): tells a torn or flipped line of a history from a whole one. Not a hash against intent. */
const TABLE = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  TABLE[byte] = rest >>> 0;
}

/** The checksum of some bytes, from 0 to 2^32 - 1. @example crc32(new TextEncoder().encode("123456789")); // 0xcbf43926 */
export function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) rest = TABLE[(rest ^ bytes[at]) & 0xff] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
