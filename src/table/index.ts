/** Arrow tables: made, read, written, looked at. */
export { readTable } from "./read.js";
export type { ReadOptions } from "./read.js";
export { tableFromColumns, tableFromVectors, vectorOf, categoryVector } from "./from-columns.js";
export type { ColumnValues } from "./from-columns.js";
export { columnNames, requireColumn, missingColumn } from "./names.js";
export { columnKind } from "./kind.js";
export type { ColumnKind } from "./kind.js";
export { numbersOf, labelsOf, missingIn } from "./values.js";
export type { Labels } from "./values.js";
export { takeRows, oneBatch } from "./take.js";
export { dropMissing } from "./drop-missing.js";
export { head, select } from "./select.js";
export { matrixOf } from "./matrix.js";
export type { NumberMatrix } from "./matrix.js";
