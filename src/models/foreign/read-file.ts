/**
 * A model file's bytes, or the text that was given in their place.
 */
import { readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { RunlabError } from "../../errors.js";

/** Larger files are no models that fit into memory several times over, which reading needs: 400 MB. */
const MOST_BYTES = 400 * 1024 * 1024;

/** The bytes of a file, unzipped when it is gzip. `reader` names the function in errors. */
export async function modelBytes(path: string, reader: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw tooLarge(path, size);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof RunlabError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" || code === "ENOTDIR" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : code === "EACCES" || code === "EPERM" ? "permission denied" : String(code ?? error);
    throw new RunlabError(`${reader} cannot read the file: ${why}`, { received: path });
  }
  if (bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(path, "more when unzipped");
      throw new RunlabError(`${path} is no whole gzip file`);
    }
  }
  return bytes;
}

function tooLarge(path: string, size: unknown): RunlabError {
  return new RunlabError(`${path} is too large for a model file`, { received: `${String(size)} bytes`, allowed: `up to ${MOST_BYTES}` });
}

/** Text of bytes. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
