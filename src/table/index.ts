/**
 * Arrow tables: made, read, written, looked at, and the small verbs of a lab.
 *
 * The verbs (select, filter, sort, derive, aggregate, join, describe, head) are a thin layer over Arrow's own buffers.
 * Arquero would be the library to take; it has tables and an Arrow of its own (Flechette), so that every step would copy
 * the data out of apache-arrow and back, categories and timestamps turn into texts and dates on the way, and its functions
 * of a row are parsed and compiled anew, without the variables around them. Here a table goes in, a table comes out, types
 * are kept, and what is not changed is shared.
 */
export { readReport, readTable } from "./read.js";
export type { ReadOptions } from "./read.js";
export { writeTable } from "./write.js";
export type { WriteOptions } from "./write.js";
export { tablePreview } from "./preview.js";
export type { TablePreview } from "./preview.js";
export type { ColumnReport, ColumnType } from "./column-type.js";
export { tableFromColumns, tableFromVectors, vectorOf, categoryVector } from "./from-columns.js";
export type { ColumnValues } from "./from-columns.js";
export { checkOptions } from "./check-options.js";
export { asTable } from "./as-table.js";
export { asNameList } from "./name-list.js";
export { columnNames, columnOf, requireColumn, missingColumn } from "./names.js";
export { concat } from "./concat.js";
export type { Bounds, Comparable, Condition, Where } from "./where.js";
export { columnKind } from "./kind.js";
export type { ColumnKind } from "./kind.js";
export { numbersOf, labelsOf, missingIn } from "./values.js";
export type { Labels } from "./values.js";
export { takeRows, oneBatch } from "./take.js";
export { dropMissing } from "./drop-missing.js";
export { head, select } from "./select.js";
export { filter } from "./filter.js";
export { sort } from "./sort.js";
export type { SortKey } from "./sort.js";
export { derive } from "./derive.js";
export type { Derived } from "./derive.js";
export { aggregate } from "./aggregate.js";
export type { Aggregate, AggregateName } from "./aggregate.js";
export { join } from "./join.js";
export type { JoinOptions } from "./join.js";
export type { Row } from "./rows.js";
export { describe, profile, Profile } from "./profile.js";
export type { Bar, ColumnProfile, TopValue } from "./profile.js";
export { matrixOf } from "./matrix.js";
export type { NumberMatrix } from "./matrix.js";
