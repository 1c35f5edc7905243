/** The only source of randomness: seeded streams, split by purpose. */
export { stream, RandomStream } from "./stream.js";
export { setSeed, currentSeed, drawSeed } from "./seed.js";
export { philox4x32 } from "./philox.js";
