/** Hold-outs and folds: parts of a table that know their target. */
export { split } from "./split.js";
export type { Split, SplitOptions, SplitWithValidation } from "./split.js";
export { partOf, asPart, isPart } from "./part.js";
export type { Part, PartOptions, Task } from "./part.js";
export { FoldList } from "./fold.js";
export type { Fold, FoldParts } from "./fold.js";
export { Splitter } from "./splitter.js";
export { KFold } from "./k-fold.js";
export type { KFoldOptions } from "./k-fold.js";
export { StratifiedKFold } from "./stratified-k-fold.js";
export type { StratifiedKFoldOptions } from "./stratified-k-fold.js";
export { asSplitter } from "./as-splitter.js";
export type { CrossValidation } from "./as-splitter.js";
