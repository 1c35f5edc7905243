/**
 * A table divided into a part to learn from and a part to be judged on.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { currentSeed, stream } from "../random/index.js";
import { checkOptions } from "../table/check-options.js";
import { requireColumn } from "../table/names.js";
import { rowNumbers, takeRows } from "../table/take.js";
import { labelsOf, missingIn } from "../table/values.js";
import { allocate } from "./allocate.js";
import { partOf } from "./part.js";
import type { Part } from "./part.js";

/** Options of `split`. */
export interface SplitOptions {
  /** The column to predict. */
  target: string;
  /** Columns to learn from. Default: every column but the target. */
  features?: readonly string[];
  /** Share of the rows in `test`, between 0 and 1; rounded up to whole rows. Default 0.25. */
  testSize?: number;
  /** Share of the rows in `validation`, of the whole table, rounded up. Default: no such part. */
  validationSize?: number;
  /** Keep the proportions of the target's classes (true) or of another column's values (its name). Default false. */
  stratify?: boolean | string;
  /** Draw the rows at random; false takes the last rows for `test`, as one does with ordered time. Default true. */
  shuffle?: boolean;
  /** Default: the seed of the run, else one drawn for the process. */
  seed?: number;
  /** Leave out the rows whose target is missing, instead of refusing them. Default false. */
  dropMissingTarget?: boolean;
}

const OPTIONS: Record<keyof SplitOptions, true> = { target: true, features: true, testSize: true, validationSize: true, stratify: true, shuffle: true, seed: true, dropMissingTarget: true };

/** What `split` returns; `validation` is there when `validationSize` was given. */
export interface Split {
  train: Part;
  test: Part;
}

/** A split with a part to choose settings on. */
export interface SplitWithValidation extends Split {
  validation: Part;
}

/**
 * Divides a table into `train` and `test` (and `validation`), at random or in order.
 *
 * Rows keep their order within a part, every row is in exactly one part, and the same seed divides the same table in
 * the same way on every machine. With `stratify` each part has the classes in the table's proportions, by largest
 * remainder.
 *
 * When it misleads: rows that belong together (one patient, one day) may land on both sides, and the future may end
 * up in `train`. Use `shuffle: false` for rows ordered by time.
 *
 * @throws RunlabError for an option that does not exist, a missing column, sizes that leave a part empty, missing targets, or a class of one member
 * under `stratify`.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6, 7, 8], y: ["a", "a", "a", "a", "b", "b", "b", "b"] });
 * const { train, test } = split(table, { target: "y", testSize: 0.25, stratify: true, seed: 42 });
 * train.table.numRows; // 6
 * test.table.numRows; // 2
 */
export function split(table: Table, options: SplitOptions & { validationSize: number }): SplitWithValidation;
export function split(table: Table, options: SplitOptions): Split;
export function split(table: Table, options: SplitOptions): Split | SplitWithValidation {
  checkOptions("split", options, OPTIONS);
  const { target, testSize = 0.25, validationSize, stratify = false, shuffle = true, dropMissingTarget = false } = options;
  if (options.seed !== undefined && !shuffle) throw new RunlabError("a split in order draws nothing, so it takes no seed", { allowed: "leave out seed, or shuffle: true" });
  const seed = shuffle ? options.seed ?? currentSeed() : null;
  const column = requireColumn(table, target, "target");
  checkShare("testSize", testSize);
  if (validationSize !== undefined) {
    checkShare("validationSize", validationSize);
    if (testSize + validationSize >= 1) throw new RunlabError("testSize and validationSize leave rows to train on", { received: testSize + validationSize, allowed: "a sum under 1" });
  }
  const present = presentRows(missingIn(column), table.numRows, target, dropMissingTarget);
  const n = present.length;
  const testRows = wholeRows(testSize, n);
  const validationRows = validationSize === undefined ? 0 : wholeRows(validationSize, n);
  if (n - testRows - validationRows < 1) {
    throw new RunlabError("every part of a split needs at least one row", { received: `${n} row${n === 1 ? "" : "s"} with testSize ${testSize}${validationSize === undefined ? "" : ` and validationSize ${validationSize}`}` });
  }
  const stratifyBy = stratify === true ? target : stratify === false ? null : stratify;
  if (stratifyBy !== null && !shuffle) throw new RunlabError("stratify needs rows drawn at random", { received: "shuffle: false", allowed: "shuffle: true, or no stratify" });

  const place = new Uint8Array(n);
  if (seed === null) {
    place.fill(TEST, n - testRows);
    place.fill(VALIDATION, n - testRows - validationRows, n - testRows);
  } else {
    const groups = stratifyBy === null ? [rowNumbers(n)] : rowsByClass(table, stratifyBy, present, testRows);
    const sizes = groups.map((group) => group.length);
    const tests = allocate(sizes, testRows);
    const validations = allocate(sizes.map((size, i) => size - tests[i]), validationRows);
    groups.forEach((group, g) => {
      // One stream a class: rows added to one class do not move the draw of another.
      const draws = stream(stratifyBy === null ? "split" : `split/${g}`, seed);
      draws.shuffle(group);
      for (let i = 0; i < tests[g]; i++) place[group[i]] = TEST;
      for (let i = tests[g]; i < tests[g] + validations[g]; i++) place[group[i]] = VALIDATION;
    });
  }

  const part = (name: string, which: number): Part => {
    const rows = rowsAt(present, place, which);
    return partOf(takeRows(table, rows), { target, features: options.features, name, rows });
  };
  const parts = { train: part("train", TRAIN), test: part("test", TEST) };
  const result = validationSize === undefined ? parts : { ...parts, validation: part("validation", VALIDATION) };
  announce({
    type: "split",
    details: {
      method: seed === null ? "in order" : stratifyBy === null ? "random" : "stratified",
      target,
      features: [...parts.train.features],
      testSize,
      validationSize: validationSize ?? null,
      stratify: stratifyBy,
      shuffle,
      seed,
      dropMissingTarget,
      rows: Object.fromEntries(Object.entries(result).map(([name, each]) => [name, each.table.numRows])),
      chosen: Object.keys(options).filter((key) => options[key as keyof SplitOptions] !== undefined),
    },
  });
  return result;
}

const TRAIN = 0;
const TEST = 1;
const VALIDATION = 2;

function checkShare(name: string, value: number): void {
  if (typeof value !== "number" || !(value > 0 && value < 1)) {
    throw new RunlabError(`${name} must lie between 0 and 1`, { received: value, allowed: `0 < ${name} < 1, such as 0.25` });
  }
}

/** Rounded up, but not by the last bit of a product such as 0.07 * 100. */
function wholeRows(share: number, rows: number): number {
  return Math.ceil(share * rows - 1e-9);
}

function rowsAt(present: Uint32Array, place: Uint8Array, which: number): Uint32Array {
  const rows = new Uint32Array(present.length);
  let count = 0;
  for (let i = 0; i < present.length; i++) if (place[i] === which) rows[count++] = present[i];
  return rows.slice(0, count);
}

function presentRows(missing: Uint8Array | null, rows: number, target: string, drop: boolean): Uint32Array {
  const all = rowNumbers(rows);
  if (missing === null) return all;
  const present = all.filter((row) => missing[row] === 0);
  if (!drop) {
    throw new RunlabError(`the target ${JSON.stringify(target)} is missing in ${rows - present.length} of ${rows} rows`, { allowed: "dropMissingTarget: true leaves those rows out" });
  }
  return present;
}

/** Positions in `present` by class; a missing value in a column other than the target is a class of its own. */
function rowsByClass(table: Table, column: string, present: Uint32Array, testRows: number): Uint32Array[] {
  const { codes, levels } = labelsOf(requireColumn(table, column, "column to stratify by"), column);
  const counts = new Uint32Array(levels.length + 1);
  for (let i = 0; i < present.length; i++) counts[codes[present[i]] + 1]++;
  counts.forEach((count, c) => {
    if (count === 1) {
      const level = c === 0 ? "(missing)" : String(levels[c - 1]);
      throw new RunlabError(`stratify needs at least two rows of every value of ${JSON.stringify(column)}`, { received: `one row of ${level}`, allowed: "stratify: false, or leave that row out" });
    }
  });
  const classes = counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  if (testRows < classes || present.length - testRows < classes) {
    throw new RunlabError("stratify needs parts of at least one row a class", { received: `${testRows} rows in test and ${present.length - testRows} besides, for ${classes} classes`, allowed: "another testSize, or stratify: false" });
  }
  const groups = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(groups.length);
  for (let i = 0; i < present.length; i++) {
    const c = codes[present[i]] + 1;
    groups[c][filled[c]++] = i;
  }
  return groups.filter((group) => group.length > 0);
}
