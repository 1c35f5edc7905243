/**
 * What a model learns to predict, checked: labels for a classifier, finite numbers for a regressor.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Label } from "../metrics/index.js";
import { columnKind, labelsOf, numbersOf, requireColumn } from "../table/index.js";

/** Labels of a classifier's rows. */
export interface ClassTarget {
  readonly name: string;
  /** Sorted: numbers ascending, text by code unit, false before true. */
  readonly classes: readonly Label[];
  /** Per row the place of its label among the classes. */
  readonly labels: Int32Array;
}

/** Quantities of a regressor's rows. */
export interface NumberTarget {
  readonly name: string;
  readonly values: Float64Array;
}

/** More classes than this are a quantity taken for a label, or a column that names rows. */
const MOST_CLASSES = 1000;

/**
 * The target of a classifier.
 *
 * @throws RunlabError when a label is missing, there is only one class, or there are more than 1000.
 */
export function classTarget(table: Table, name: string): ClassTarget {
  requireColumn(table, name, "target");
  const { codes, levels } = labelsOf(table, name);
  const missing = count(codes, (code) => code < 0);
  if (missing > 0) throw missingTarget(name, missing, codes.length);
  if (levels.length < 2) {
    throw new RunlabError(`a classifier needs two classes or more; target ${JSON.stringify(name)} has ${levels.length === 0 ? "no rows" : `only ${JSON.stringify(levels[0])}`}`);
  }
  if (levels.length > MOST_CLASSES) {
    throw new RunlabError(`a classifier takes up to ${MOST_CLASSES} classes`, { received: `${levels.length} different values of ${JSON.stringify(name)}`, allowed: "a regressor for quantities, or fewer categories" });
  }
  return { name, classes: levels, labels: codes };
}

/**
 * The target of a regressor: numbers, booleans as 0 and 1, or times in milliseconds.
 *
 * @throws RunlabError for labels, and when a value is missing or not finite.
 */
export function numberTarget(table: Table, name: string): NumberTarget {
  const column = requireColumn(table, name, "target");
  const kind = columnKind(column.type);
  if (kind === "category" || kind === "other") {
    throw new RunlabError(`a regressor predicts numbers; target ${JSON.stringify(name)} holds ${kind === "category" ? "labels" : String(column.type)}`, { allowed: "a number column, or a classifier" });
  }
  const values = numbersOf(column, name);
  if (values.length > 0 && allFinite(values)) return { name, values };
  const missing = count(values, Number.isNaN);
  if (missing > 0) throw missingTarget(name, missing, values.length);
  if (values.length === 0) throw new RunlabError("a model needs rows to learn from", { received: "a table without rows" });
  throw new RunlabError(`target ${JSON.stringify(name)} holds values that are not finite`, { received: `${count(values, (value) => !Number.isFinite(value))} of ${values.length} rows`, allowed: "finite numbers" });
}

function missingTarget(name: string, missing: number, rows: number): RunlabError {
  return new RunlabError(`a model cannot learn from rows without a target; ${JSON.stringify(name)} is missing in ${missing} of ${rows} rows`, { allowed: "dropMissing(table, [target]) or another target" });
}

function allFinite(values: Float64Array): boolean {
  // Infinities and missing values leave something that is not 0.
  let rest = 0;
  for (let i = 0; i < values.length; i++) rest += values[i] - values[i];
  return rest === 0;
}

function count(values: ArrayLike<number>, test: (value: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < values.length; i++) if (test(values[i])) found++;
  return found;
}
