/**
 * Which build of the kernels this machine runs. All give the same bits; they differ in speed only.
 */

/**
 * "threads": SIMD lanes, and memory that several threads share. "simd": lanes, one thread. "plain": WebAssembly as every
 * engine has had it since 2017, for old machines and for environments that forbid shared memory.
 */
export type Variant = "threads" | "simd" | "plain";

/** A function that splats a byte over 128 bits: it compiles only where there are SIMD lanes. */
const SIMD_PROBE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11);

let chosen: Variant | null = null;
let best: Variant | null = null;

/**
 * The variant that kernels are loaded in.
 *
 * @example
 * ["threads", "simd", "plain"].includes(variantInUse()); // true
 */
export function variantInUse(): Variant {
  return chosen ?? (best ??= bestVariant());
}

/** Asks for a variant, as tests do to compare their bits; null asks for the best again. Memory on lease keeps its own. */
export function useVariant(variant: Variant | null): void {
  chosen = variant;
}

function bestVariant(): Variant {
  if (!WebAssembly.validate(SIMD_PROBE)) return "plain";
  return sharesMemory() ? "threads" : "simd";
}

function sharesMemory(): boolean {
  if (typeof SharedArrayBuffer !== "function") return false;
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}
