/** Hold-outs: parts of a table that know their target. */
export { partOf, asPart, isPart } from "./part.js";
export type { Part, PartOptions, Task } from "./part.js";
