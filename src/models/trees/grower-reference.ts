/**
 * The grower in plain TypeScript: the same algorithm as the kernels', written to be read.
 */
import type { BoostBins } from "./boost-bins.js";
import type { GrowerOptions, TreeGrower } from "./grower.js";

export function openReferenceGrower(_bins: BoostBins, _options: GrowerOptions): TreeGrower {
  throw new Error("in the making");
}
