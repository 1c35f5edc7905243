/**
 * The compressions of Parquet pages.
 */
import * as zlib from "node:zlib";
import { unsnappy } from "./snappy.js";
import { damaged } from "./thrift.js";

type Decoder = (bytes: Uint8Array, out: Uint8Array) => void;

/** Newer versions of Node have zstd themselves. */
const nodeZstd = (zlib as { zstdDecompressSync?: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array }).zstdDecompressSync;

const ZSTD = 6;
let ownZstd: { decode(bytes: Uint8Array, size: number): Uint8Array } | null = null;

/**
 * Makes ready what pages of these codecs need: where Node has no zstd, a WebAssembly one, ten times as fast as the one
 * in JavaScript. Until then the general reader does those pages.
 */
export async function prepareCodecs(codecs: Iterable<number>): Promise<void> {
  if (nodeZstd !== undefined || ownZstd !== null || ![...codecs].includes(ZSTD)) return;
  const { ZSTDDecoder } = await import("zstddec");
  const decoder = new ZSTDDecoder();
  await decoder.init();
  ownZstd = decoder;
}

const byNode = (undo: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array): Decoder => (bytes, out) => {
  put(undo(bytes, { maxOutputLength: Math.max(1, out.length) }), out);
};

function put(plain: Uint8Array, out: Uint8Array): void {
  if (plain.length !== out.length) throw damaged("a compressed page has another size than it says");
  if (plain.buffer !== out.buffer) out.set(plain);
}

function zstd(bytes: Uint8Array, out: Uint8Array): void {
  put(nodeZstd !== undefined ? nodeZstd(bytes, { maxOutputLength: Math.max(1, out.length) }) : ownZstd!.decode(bytes, out.length), out);
}

/** By Parquet's number; those that are missing (LZO, two kinds of LZ4) are left to the general reader. */
const DECODERS: Record<number, Decoder> = {
  0: put,
  1: unsnappy,
  2: byNode(zlib.unzipSync),
  4: byNode(zlib.brotliDecompressSync),
  [ZSTD]: zstd,
};

/** True when pages of that codec can be read here. */
export const knowsCodec = (codec: number): boolean => codec in DECODERS && (codec !== ZSTD || nodeZstd !== undefined || ownZstd !== null);

/**
 * Fills `out` with what the bytes stand for.
 *
 * @throws RunlabError when they stand for more, for less, or for nothing.
 */
export function decompress(codec: number, bytes: Uint8Array, out: Uint8Array): void {
  if (out.length === 0) return;
  try {
    DECODERS[codec](bytes, out);
  } catch (error) {
    throw (error as Error).name === "RunlabError" ? error : damaged("a compressed page makes no sense");
  }
}
