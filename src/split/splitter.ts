/**
 * What every way of making folds for a cross-validation is.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce } from "../observe/index.js";
import { currentSeed } from "../random/index.js";
import { asTable } from "../table/as-table.js";
import { checkOptions } from "../table/check-options.js";
import { columnNames, requireColumn } from "../table/names.js";
import { takeRows } from "../table/take.js";
import { labelsOf } from "../table/values.js";
import type { Labels } from "../table/values.js";
import type { Fold, FoldList, FoldParts } from "./fold.js";
import { asPart, isPart, partOf } from "./part.js";
import type { Part, PartOptions } from "./part.js";

/** The rows that folds are made of. */
export interface SplitterData {
  readonly table: Table;
  readonly rows: number;
  /** Null when neither a part nor a target was given. */
  readonly target: string | null;
}

/**
 * Makes the rounds of a cross-validation: in each, some rows to learn from and others to be judged on.
 *
 * Guarantees, checked by one suite over every row of `split/table.ts`:
 * - the constructor only stores its options; `split` checks them, says so in the config of the run and makes the rounds;
 * - no row is in `train` and `test` of the same round, neither is empty, and both are ascending;
 * - the same data, options and seed give the same rounds on every machine;
 * - the table is never changed, and nothing of a round is kept after it.
 */
export abstract class Splitter<Options extends object = object> {
  /** As given to the constructor. */
  readonly options: Readonly<Options>;

  constructor(options: Options = {} as Options) {
    this.options = options;
  }

  /** Name of the class, as in `split/table.ts`. */
  abstract readonly name: string;
  /** Every option with its default; the seed is null when nothing is drawn. */
  abstract params(): Record<string, unknown>;
  /** Makes the rounds for checked options. */
  protected abstract plan(data: SplitterData, seed: number | null): FoldList;
  /** True when the options given make it draw at random. */
  protected abstract readonly draws: boolean;

  /**
   * The rounds as row numbers of the table or part.
   *
   * @param options `target` names the column to predict, where a table is given and the folds depend on it.
   *
   * @throws RunlabError for an option that does not exist or fit, a column that is not there, and data that cannot be
   * divided so that every round has rows on both sides.
   */
  split(data: Part | Table, options: { target?: string } = {}): FoldList {
    checkOptions(`${this.name}.split`, options, { target: true });
    const table = isPart(data) ? data.table : asTable(data, `${this.name}.split`);
    const target = options.target ?? (isPart(data) ? data.target : null);
    return this.#announced(table, target);
  }

  /**
   * The rounds as parts, taken from the table when they are asked for.
   *
   * A column of groups is no feature unless `features` names it.
   *
   * @throws RunlabError as `split`, and when a table comes without a target.
   *
   * @example
   * const table = tableFromColumns({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] });
   * for (const { train, test } of new KFold({ nSplits: 2 }).parts(table, { target: "y" })) new RidgeRegression().fit(train).predict(test);
   */
  parts(data: Part | Table, options: Partial<PartOptions> = {}): FoldList<FoldParts> {
    const part = this.partFor(data, options);
    const rows = (name: string, of: Uint32Array): Part => partOf(takeRows(part.table, of), {
      target: part.target,
      features: part.features,
      name,
      rows: part.rows === null ? of : of.map((row) => part.rows![row]),
    });
    return this.#announced(part.table, part.target).map(({ train, test }) => ({ train: rows("train", train), test: rows("test", test) }));
  }

  /** The part that `parts` divides: a part as it is; of a table, without the column of groups among its features. */
  partFor(data: Part | Table, options: Partial<PartOptions> = {}): Part {
    const group = (this.options as { group?: unknown }).group;
    if (isPart(data) || options.features !== undefined || options.target === undefined || typeof group !== "string") return asPart(data, options);
    const features = columnNames(data).filter((name) => name !== options.target && name !== group);
    return asPart(data, { ...options, features });
  }

  #announced(table: Table, target: string | null): FoldList {
    // Before the options are read: null has none to read.
    if (typeof this.options !== "object" || this.options === null) throw new RunlabError(`${this.name} takes its options as an object`, { received: this.options });
    const params = this.params();
    checkOptions(this.name, this.options, params as never);
    const given = (this.options as { seed?: number }).seed;
    if (given !== undefined && !this.draws) throw new RunlabError(`${this.name} in order draws nothing, so it takes no seed`, { allowed: "leave out seed, or shuffle: true" });
    const seed = this.draws ? given ?? currentSeed() : null;
    const folds = this.plan({ table, rows: table.numRows, target }, seed);
    const chosen = Object.entries(this.options).filter(([, value]) => value !== undefined).map(([name]) => name);
    announce({ type: "split", details: { method: this.name, target, ...params, ...("seed" in params ? { seed } : {}), folds: folds.length, rows: table.numRows, chosen } });
    return folds;
  }
}

/** A whole number among the options of a splitter, checked. */
export function wholeOption(splitter: string, name: string, value: unknown, least: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least) return value;
  throw new RunlabError(`${splitter}: ${name} is a whole number, ${least} or more`, { received: value });
}

/** A yes or no among the options of a splitter, checked. */
export function yesOption(splitter: string, name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new RunlabError(`${splitter}: ${name} is true or false`, { received: value });
}

/** The classes to keep in proportion: those of the target, or of the column that `stratify` names. */
export function classesOf(splitter: string, data: SplitterData, stratify: string | undefined): { labels: Labels; column: string } {
  const column = stratify ?? data.target;
  if (column === null) throw new RunlabError(`${splitter} needs to know whose classes to keep in proportion`, { allowed: 'a part made by split, split(table, { target: "..." }), or stratify: "..."' });
  const labels = labelsOf(requireColumn(data.table, column, stratify === undefined ? "target" : "column to stratify by"), column);
  refuseMissing(labels, column, stratify === undefined ? "target" : "column to stratify by");
  return { labels, column };
}

/** The group of each row. */
export function groupsOf(splitter: string, data: SplitterData, group: unknown): Labels {
  if (typeof group !== "string") throw new RunlabError(`${splitter} needs the column that says which rows belong together`, { received: group, allowed: `new ${splitter}({ group: "patient" })` });
  const labels = labelsOf(requireColumn(data.table, group, "column of groups"), group);
  refuseMissing(labels, group, "group");
  return labels;
}

export function refuseMissing({ codes }: Labels, column: string, role: string): void {
  let missing = 0;
  for (let i = 0; i < codes.length; i++) if (codes[i] < 0) missing++;
  if (missing > 0) throw new RunlabError(`the ${role} ${JSON.stringify(column)} is missing in ${missing} of ${codes.length} rows`, { allowed: `dropMissing(table, [${JSON.stringify(column)}]) leaves those rows out` });
}

/** How many rows have each label; none may be missing. */
export function countsOf({ codes, levels }: Labels): Uint32Array {
  const counts = new Uint32Array(levels.length);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  return counts;
}

export type { Fold, FoldList, FoldParts };
