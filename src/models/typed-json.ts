/**
 * Typed arrays in JSON: their kind, and their bytes (little-endian) in base64. Exact to the bit and short.
 */
import { RunlabError } from "../errors.js";

const KINDS = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint32: Uint32Array, uint16: Uint16Array, uint8: Uint8Array } as const;

export type TypedArrayKind = keyof typeof KINDS;
export type PackedArray = { readonly type: TypedArrayKind; readonly length: number; readonly base64: string };
interface ArrayByKind {
  float64: Float64Array;
  float32: Float32Array;
  int32: Int32Array;
  uint32: Uint32Array;
  uint16: Uint16Array;
  uint8: Uint8Array;
}
type ArrayOf<K extends TypedArrayKind> = ArrayByKind[K];

/**
 * @example
 * packArray(Float64Array.of(1)); // { type: "float64", length: 1, base64: "AAAAAAAA8D8=" }
 */
export function packArray(array: ArrayOf<TypedArrayKind>): PackedArray {
  const type = (Object.keys(KINDS) as TypedArrayKind[]).find((kind) => array instanceof KINDS[kind])!;
  return { type, length: array.length, base64: Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64") };
}

/**
 * The array again, in memory of its own.
 *
 * @throws RunlabError when it is not an array of that kind, or its bytes do not fit its length.
 */
export function unpackArray<K extends TypedArrayKind>(packed: unknown, type: K, what: string): ArrayOf<K> {
  const { type: found, length, base64 } = (packed ?? {}) as Partial<PackedArray>;
  const kind = KINDS[type];
  const bytes = typeof base64 === "string" ? Buffer.from(base64, "base64") : null;
  if (found !== type || bytes === null || bytes.length !== (length ?? -1) * kind.BYTES_PER_ELEMENT) {
    throw new RunlabError(`the model file is damaged: ${what} is not ${type} values`, { received: found === undefined ? "something else" : `${String(found)} x ${String(length)}` });
  }
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return new kind(copy.buffer) as ArrayByKind[TypedArrayKind] as ArrayOf<K>;
}
