/** Hold-outs: parts of a table that know their target. */
export { split } from "./split.js";
export type { Split, SplitOptions, SplitWithValidation } from "./split.js";
export { partOf, asPart, isPart } from "./part.js";
export type { Part, PartOptions, Task } from "./part.js";
