/**
 * runlab: core ML primitives and reproducible runs. Every public name is listed here, one room a block.
 */
export { RunlabError } from "./errors.js";

// random
export { stream, RandomStream, setSeed, currentSeed } from "./random/index.js";

// table
export { readTable, tableFromColumns, columnNames } from "./table/index.js";
export type { ReadOptions, ColumnValues } from "./table/index.js";

// split
export { partOf, asPart, isPart } from "./split/index.js";
export type { Part, PartOptions, Task } from "./split/index.js";

// models, evaluate: added by those rooms

// runs: added by that room
