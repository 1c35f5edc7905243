/**
 * A table's rows for functions that look at them one by one: one object that moves along, over columns that are read
 * whole when first looked at. No object is made of a row.
 */
import { DataType } from "apache-arrow";
import type { Table } from "apache-arrow";
import { columnKind } from "./kind.js";
import { columnNames, columnOf, missingColumn } from "./names.js";
import { labelsOf, numbersOf } from "./values.js";

/** A value as functions of a row see it: times as dates, what is missing as null. */
export type RowValue = number | string | boolean | Date | bigint | null | unknown;

/** A row: its columns by name. */
export type Row = Readonly<Record<string, any>>;

/**
 * Calls `visit` with every row in turn. The same object is given each time: take values out of it, do not keep it.
 *
 * A name that is no column is a mistake, and not `undefined`: comparing with that would quietly keep nothing.
 */
export function eachRow(table: Table, visit: (row: Row, index: number) => void): void {
  let index = 0;
  const names = columnNames(table);
  const row = Object.create(null) as Record<string, unknown>;
  for (const name of names) {
    let read: ((index: number) => unknown) | null = null;
    Object.defineProperty(row, name, { enumerable: true, get: () => (read ??= reader(table, name))(index) });
  }
  const strict = new Proxy(row, {
    get(target, name) {
      if (typeof name === "symbol" || name in target) return Reflect.get(target, name) as unknown;
      throw missingColumn(name, names);
    },
    set() {
      return false;
    },
  });
  for (; index < table.numRows; index++) visit(strict, index);
}

function reader(table: Table, name: string): (index: number) => unknown {
  const vector = columnOf(table, name)!;
  const type = vector.type as DataType;
  const kind = columnKind(type);
  if (kind === "number" && !(DataType.isInt(type) && type.bitWidth === 64)) {
    const numbers = numbersOf(vector, name);
    return (index) => (numbers[index] === numbers[index] ? numbers[index] : null);
  }
  if (kind === "number") {
    // 64-bit integers are numbers as long as that is exact.
    const numbers = numbersOf(vector, name);
    return (index) => (numbers[index] !== numbers[index] ? null : Number.isSafeInteger(numbers[index]) ? numbers[index] : (vector.get(index) as bigint));
  }
  if (kind === "boolean") {
    const bits = numbersOf(vector, name);
    return (index) => (bits[index] !== bits[index] ? null : bits[index] === 1);
  }
  if (kind === "category") {
    const { codes, levels } = labelsOf(vector, name);
    return (index) => (codes[index] < 0 ? null : levels[codes[index]]);
  }
  if (DataType.isTimestamp(type) || DataType.isDate(type)) {
    const times = numbersOf(vector, name);
    return (index) => (times[index] !== times[index] ? null : new Date(times[index]));
  }
  return (index) => vector.get(index) as unknown;
}
