/**
 * WebAssembly kernels: the loops where the time goes, on memory that threads share.
 */
export { coresToUse, limitThreads } from "./cores.js";
export type { Crew } from "./crew.js";
export { type Lease, leaseMemory, startCrew } from "./lease.js";
export { type Variant, useVariant, variantInUse } from "./variant.js";
