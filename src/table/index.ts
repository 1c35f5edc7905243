/** Arrow tables: made, read, written, looked at. */
export { readReport, readTable } from "./read.js";
export type { ReadOptions } from "./read.js";
export { writeTable } from "./write.js";
export { tablePreview } from "./preview.js";
export type { TablePreview } from "./preview.js";
export type { ColumnReport, ColumnType } from "./column-type.js";
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
