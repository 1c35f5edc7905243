/**
 * The compressions of Parquet pages.
 */
import * as zlib from "node:zlib";
import { damaged } from "./thrift.js";

/** The bytes before compression, of which there must be `size`. */
type Decoder = (bytes: Uint8Array, size: number) => Uint8Array;

/** Left to the kernel. */
export const SNAPPY = 1;

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

const byNode = (undo: (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array): Decoder => (bytes, size) => undo(bytes, { maxOutputLength: Math.max(1, size) });

const zstd: Decoder = (bytes, size) => (nodeZstd !== undefined ? byNode(nodeZstd)(bytes, size) : ownZstd!.decode(bytes, size));

/** By Parquet's number; those that are missing (LZO, two kinds of LZ4) are left to the general reader. */
const DECODERS: Record<number, Decoder> = {
  2: byNode(zlib.unzipSync),
  4: byNode(zlib.brotliDecompressSync),
  [ZSTD]: zstd,
};

/** True when pages of that codec can be read here. */
export const knowsCodec = (codec: number): boolean => (codec === 0 || codec === SNAPPY || codec in DECODERS) && (codec !== ZSTD || nodeZstd !== undefined || ownZstd !== null);

/**
 * What the bytes stand for.
 *
 * @throws RunlabError when they stand for more, for less, or for nothing.
 */
export function decompress(codec: number, bytes: Uint8Array, size: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  let plain: Uint8Array;
  try {
    plain = DECODERS[codec](bytes, size);
  } catch {
    throw damaged("a compressed page makes no sense");
  }
  if (plain.length !== size) throw damaged("a compressed page has another size than it says");
  return plain;
}

/** Compresses the bytes of a page. */
export type Encoder = (bytes: Uint8Array) => Uint8Array;

const nodeZstdEncode = (zlib as { zstdCompressSync?: Encoder }).zstdCompressSync;

/** Quality 1 of 11: higher ones take many times as long. */
const brotli: Encoder = (bytes) => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } });

/** The compressions that a Parquet file can be written with, and Parquet's number for each. */
export const COMPRESSIONS = { snappy: SNAPPY, zstd: ZSTD, gzip: 2, brotli: 4, none: 0 } as const;
export type Compression = keyof typeof COMPRESSIONS;

/** How pages are compressed here; null when the general writer has to do it. Snappy is the kernel's. */
export function encoderOf(compression: Compression): { codec: number; encode: Encoder | null } | null {
  const codec = COMPRESSIONS[compression];
  switch (compression) {
    case "zstd": return nodeZstdEncode === undefined ? null : { codec, encode: (bytes) => nodeZstdEncode(bytes) };
    case "gzip": return { codec, encode: (bytes) => zlib.gzipSync(bytes) };
    case "brotli": return { codec, encode: brotli };
    default: return { codec, encode: null };
  }
}
