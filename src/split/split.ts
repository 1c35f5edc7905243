/**
 * A table divided into a part to learn from and a part to be judged on.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { currentSeed, stream } from "../random/index.js";
import type { RandomStream } from "../random/index.js";
import { checkOptions } from "../table/check-options.js";
import { asTable } from "../table/as-table.js";
import { columnNames, requireColumn } from "../table/names.js";
import { rowNumbers, takeRows } from "../table/take.js";
import { labelsOf, missingIn } from "../table/values.js";
import { allocate } from "./allocate.js";
import { momentsOf } from "./moments.js";
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
  /**
   * The column that says which rows belong together (a patient, a household): no group is divided. Sizes are then
   * shares of the groups, every group has the same chance, and the column is no feature unless `features` names it.
   */
  group?: string;
  /**
   * The column that holds the time: the last rows in time go to `test`, those before to `validation`. Rows of one
   * moment stay together, so that a part may be a little larger than asked for.
   */
  time?: string;
  /** Draw the rows at random; false takes the last rows for `test`, as one does with ordered time. Default true, without `time`. */
  shuffle?: boolean;
  /** Default: the seed of the run, else one drawn for the process. */
  seed?: number;
  /** Leave out the rows whose target is missing, instead of refusing them. Default false. */
  dropMissingTarget?: boolean;
}

const OPTIONS: Record<keyof SplitOptions, true> = { target: true, features: true, testSize: true, validationSize: true, stratify: true, group: true, time: true, shuffle: true, seed: true, dropMissingTarget: true };

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
 * Divides a table into `train` and `test` (and `validation`), at random, by group, by time or in order.
 *
 * Rows keep their order within a part, every row is in exactly one part, and the same seed divides the same table in
 * the same way on every machine. With `stratify` each part has the classes in the table's proportions, by largest
 * remainder.
 *
 * When it misleads: rows that belong together (one patient, one day) may land on both sides unless `group` names what
 * they share, and the future may end up in `train` unless `time` says when each row was. Choose settings on
 * `validation` or by folds of `train` (`GroupKFold` with the same `group`), never on `test`.
 *
 * @throws RunlabError for an option that does not exist, a missing column, sizes that leave a part empty, missing
 * targets, groups or times, or a class of one member under `stratify`.
 *
 * @example
 * const table = tableFromColumns({ x: [1, 2, 3, 4, 5, 6, 7, 8], y: ["a", "a", "a", "a", "b", "b", "b", "b"] });
 * const { train, test } = split(table, { target: "y", testSize: 0.25, stratify: true, seed: 42 });
 * train.table.numRows; // 6
 * test.table.numRows; // 2
 *
 * @example
 * const table = tableFromColumns({ who: [1, 1, 2, 2, 3, 3], day: [1, 2, 3, 4, 5, 6], y: [1, 2, 3, 4, 5, 6] });
 * split(table, { target: "y", group: "who", testSize: 0.3, seed: 1 }).test.table.numRows; // 2
 * split(table, { target: "y", time: "day", testSize: 0.3 }).test.rows; // [4, 5]
 */
export function split(table: Table, options: SplitOptions & { validationSize: number }): SplitWithValidation;
export function split(table: Table, options: SplitOptions): Split;
export function split(table: Table, options: SplitOptions): Split | SplitWithValidation {
  checkOptions("split", options, OPTIONS);
  const { target, testSize = 0.25, validationSize, stratify = false, group, time, dropMissingTarget = false } = options;
  const shuffle = options.shuffle ?? time === undefined;
  checkTogether(options);
  const seed = shuffle ? options.seed ?? currentSeed() : null;
  const column = requireColumn(asTable(table, "split"), target, "target");
  checkShare("testSize", testSize);
  if (validationSize !== undefined) {
    checkShare("validationSize", validationSize);
    if (testSize + validationSize >= 1) throw new RunlabError("testSize and validationSize leave rows to train on", { received: testSize + validationSize, allowed: "a sum under 1" });
  }
  const present = presentRows(missingIn(column), table.numRows, target, dropMissingTarget);
  const stratifyBy = stratify === true ? target : stratify === false ? null : stratify;
  const features = options.features ?? (group === undefined ? undefined : columnNames(table).filter((name) => name !== target && name !== group));

  let place: Uint8Array;
  if (group !== undefined) place = placeGroups(table, group, present, testSize, validationSize, stream("split", seed!));
  else if (time !== undefined) place = placeByTime(table, time, present, testSize, validationSize);
  else place = placeRows(table, present, sizesOf(present.length, "row", testSize, validationSize), stratifyBy, seed);

  const counts = new Uint32Array(3);
  for (let i = 0; i < place.length; i++) counts[place[i]]++;
  const part = (name: string, which: number): Part => {
    const rows = rowsAt(present, place, which, counts[which]);
    return partOf(takeRows(table, rows), { target, features, name, rows });
  };
  const parts = { train: part("train", TRAIN), test: part("test", TEST) };
  const result = validationSize === undefined ? parts : { ...parts, validation: part("validation", VALIDATION) };
  announce({
    type: "split",
    details: {
      method: group !== undefined ? "group" : time !== undefined ? "time" : seed === null ? "in order" : stratifyBy === null ? "random" : "stratified",
      target,
      features: [...parts.train.features],
      testSize,
      validationSize: validationSize ?? null,
      stratify: stratifyBy,
      ...(group === undefined ? {} : { group }),
      ...(time === undefined ? {} : { time }),
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

/** Refuses options that contradict each other. */
function checkTogether({ group, time, stratify = false, shuffle, seed }: SplitOptions): void {
  if (time !== undefined) {
    if (shuffle === true) throw new RunlabError("a split by time takes the rows in the order of time", { received: "shuffle: true", allowed: "leave out shuffle, or time" });
    if (group !== undefined) throw new RunlabError("a split is by time or by group", { received: "time and group", allowed: "one of them" });
    if (stratify !== false) throw new RunlabError("stratify needs rows drawn at random", { received: "time", allowed: "leave out stratify, or time" });
    if (seed !== undefined) throw new RunlabError("a split by time draws nothing, so it takes no seed", { allowed: "leave out seed, or time" });
  }
  if (group !== undefined) {
    if (shuffle === false) throw new RunlabError("a split by group draws its groups", { received: "shuffle: false", allowed: "leave out shuffle, or group" });
    if (stratify !== false) throw new RunlabError("a split by group does not stratify", { received: "stratify and group", allowed: "one of them, or StratifiedGroupKFold" });
  }
  if (seed !== undefined && shuffle === false) throw new RunlabError("a split in order draws nothing, so it takes no seed", { allowed: "leave out seed, or shuffle: true" });
  if (stratify !== false && shuffle === false) throw new RunlabError("stratify needs rows drawn at random", { received: "shuffle: false", allowed: "shuffle: true, or no stratify" });
}

function checkShare(name: string, value: number): void {
  if (typeof value !== "number" || !(value > 0 && value < 1)) {
    throw new RunlabError(`${name} must lie between 0 and 1`, { received: value, allowed: `0 < ${name} < 1, such as 0.25` });
  }
}

/** How many of `count` rows or groups go to test and to validation; some are left to train on. */
function sizesOf(count: number, what: "row" | "group", testSize: number, validationSize: number | undefined): { tests: number; validations: number } {
  const tests = wholeRows(testSize, count);
  const validations = validationSize === undefined ? 0 : wholeRows(validationSize, count);
  if (count - tests - validations < 1) {
    throw new RunlabError(`every part of a split needs at least one ${what}`, { received: `${count} ${what}${count === 1 ? "" : "s"} with testSize ${testSize}${validationSize === undefined ? "" : ` and validationSize ${validationSize}`}` });
  }
  return { tests, validations };
}

/** Rounded up, but not by the last bit of a product such as 0.07 * 100. */
function wholeRows(share: number, rows: number): number {
  return Math.ceil(share * rows - 1e-9);
}

/** The part of each present row, at random (of each class) or in order. */
function placeRows(table: Table, present: Uint32Array, { tests, validations }: { tests: number; validations: number }, stratifyBy: string | null, seed: number | null): Uint8Array {
  const n = present.length;
  const place = new Uint8Array(n);
  if (seed === null) {
    place.fill(TEST, n - tests);
    place.fill(VALIDATION, n - tests - validations, n - tests);
    return place;
  }
  const classes = stratifyBy === null ? [rowNumbers(n)] : rowsByClass(table, stratifyBy, present, tests);
  const sizes = classes.map((rows) => rows.length);
  const testShares = allocate(sizes, tests);
  const validationShares = allocate(sizes.map((size, c) => size - testShares[c]), validations);
  classes.forEach((rows, c) => {
    // One stream a class: rows added to one class do not move the draw of another.
    stream(stratifyBy === null ? "split" : `split/${c}`, seed).shuffle(rows);
    markDrawn(place, rows, testShares[c], validationShares[c]);
  });
  return place;
}

function markDrawn(place: Uint8Array, order: Uint32Array, tests: number, validations: number): void {
  for (let i = 0; i < tests; i++) place[order[i]] = TEST;
  for (let i = tests; i < tests + validations; i++) place[order[i]] = VALIDATION;
}

/** The part of each present row, groups being drawn. */
function placeGroups(table: Table, group: string, present: Uint32Array, testSize: number, validationSize: number | undefined, draws: RandomStream): Uint8Array {
  const { codes, levels } = labelsOf(requireColumn(table, group, "column of groups"), group);
  const seen = new Uint8Array(levels.length);
  for (let i = 0; i < present.length; i++) {
    const code = codes[present[i]];
    if (code < 0) throw missingInSome(codes, present, group, "group");
    seen[code] = 1;
  }
  const groups = rowNumbers(levels.length).filter((code) => seen[code] === 1);
  const { tests, validations } = sizesOf(groups.length, "group", testSize, validationSize);
  const placeOfGroup = new Uint8Array(levels.length);
  markDrawn(placeOfGroup, draws.shuffle(groups), tests, validations);
  const place = new Uint8Array(present.length);
  for (let i = 0; i < place.length; i++) place[i] = placeOfGroup[codes[present[i]]];
  return place;
}

/** The part of each present row, the last moments going to `test`. */
function placeByTime(table: Table, time: string, present: Uint32Array, testSize: number, validationSize: number | undefined): Uint8Array {
  const { codes, levels } = momentsOf(table, time);
  const { tests, validations } = sizesOf(present.length, "row", testSize, validationSize);
  const rowsAtMoment = new Uint32Array(levels.length);
  for (let i = 0; i < present.length; i++) {
    if (codes[present[i]] < 0) throw missingInSome(codes, present, time, "time");
    rowsAtMoment[codes[present[i]]]++;
  }
  // A moment that a border falls into goes to the later part as a whole.
  const lastMomentsWith = (wanted: number, end: number): number => {
    let moment = end;
    for (let rows = 0; rows < wanted && moment > 0; rows += rowsAtMoment[moment]) moment--;
    return moment;
  };
  const testFrom = lastMomentsWith(tests, levels.length);
  const validationFrom = lastMomentsWith(validations, testFrom);
  let rowsToTrain = 0;
  for (let moment = 0; moment < validationFrom; moment++) rowsToTrain += rowsAtMoment[moment];
  if (rowsToTrain === 0 || (validations > 0 && validationFrom === testFrom)) {
    throw new RunlabError("every part of a split by time needs a moment of its own", { received: `${levels.length} moment${levels.length === 1 ? "" : "s"} in ${time} for ${present.length} rows`, allowed: "a finer column of times, or smaller parts" });
  }
  return Uint8Array.from(present, (row) => (codes[row] >= testFrom ? TEST : codes[row] >= validationFrom ? VALIDATION : TRAIN));
}

function missingInSome(codes: Int32Array, present: Uint32Array, column: string, role: string): RunlabError {
  let missing = 0;
  for (let i = 0; i < present.length; i++) if (codes[present[i]] < 0) missing++;
  return new RunlabError(`the ${role} ${JSON.stringify(column)} is missing in ${missing} of ${present.length} rows`, { allowed: `dropMissing(table, [${JSON.stringify(column)}]) leaves those rows out` });
}

function rowsAt(present: Uint32Array, place: Uint8Array, which: number, count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let i = 0, at = 0; at < count; i++) if (place[i] === which) rows[at++] = present[i];
  return rows;
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
