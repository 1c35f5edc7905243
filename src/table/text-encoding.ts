/**
 * Text of any encoding as UTF-8 bytes.
 */
import { isUtf8 } from "node:buffer";
import { RunlabError } from "../errors.js";

/**
 * The bytes as UTF-8 without a byte order mark. UTF-16 is known by its mark; anything else that is not UTF-8 has to be
 * named.
 *
 * @throws RunlabError for bytes that are not UTF-8 while no encoding is given, and for unknown encodings.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): Uint8Array {
  if (encoding !== undefined) return Buffer.from(decoderFor(encoding).decode(bytes), "utf8");
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(decoderFor("utf-16le").decode(bytes), "utf8");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(decoderFor("utf-16be").decode(bytes), "utf8");
  if (!isUtf8(bytes)) throw new RunlabError("the file is not UTF-8", { allowed: 'encoding: "latin1", "windows-1252" or what it was written in' });
  // By way of Buffer: `includes` of a Uint8Array looks at one byte at a time.
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(0)) throw new RunlabError("the file is not text: it holds zero bytes", { allowed: "a text file, or its right extension" });
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function decoderFor(encoding: string): { decode(bytes: Uint8Array): string } {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new RunlabError("there is no such text encoding", { received: encoding, allowed: "utf-8, latin1, windows-1252, utf-16le, shift_jis and others of the WHATWG list" });
  }
}
