/**
 * Missing values filled in.
 */
import type { Table, Vector } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { dictionaryVector, float64Vector, uint8Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { labelsOf, missingIn, numbersOf } from "../table/values.js";
import type { Labels } from "../table/values.js";
import { labelsLike, numbersLike } from "./column-like.js";
import { presentValues, selectRank } from "./order-statistics.js";
import { either, isNumber, isText, isYesOrNo, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** How the value to fill in is found. */
export type ImputeStrategy = "median" | "mean" | "mostFrequent" | "constant";

const STRATEGIES: readonly ImputeStrategy[] = ["median", "mean", "mostFrequent", "constant"];

/** Options of `impute`. */
export interface ImputeOptions {
  /** For number columns. Categories always take their most frequent value, unless the strategy is "constant". Default "median". */
  strategy?: ImputeStrategy;
  /** What "constant" fills in: a number for number columns, text for categories. Default 0 and "missing". */
  fillValue?: number | string;
  /** Add a column `missingindicator_<name>` of 0 and 1 for each column that had missing values when fitting. Default false. */
  addIndicator?: boolean;
  /** Default: every number, boolean and category column among the features. */
  columns?: readonly string[];
}

interface FilledColumn {
  name: string;
  kind: "number" | "category";
  value: number | string;
  indicator: boolean;
}

/**
 * Fills in missing values with what the training rows say: see `impute`.
 *
 * Semantics of scikit-learn's SimpleImputer: among equally frequent values the smallest wins; a column without any
 * value is an error here, where scikit-learn drops it.
 */
export class SimpleImputer extends Transformer<FilledColumn[]> {
  readonly type = "impute";
  override readonly options: ImputeOptions;

  constructor(options: ImputeOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { strategy = "median", fillValue = null, addIndicator = false, columns = null } = this.options;
    return { strategy, fillValue, addIndicator, columns };
  }

  protected learn(table: Table, all: readonly string[]): FilledColumn[] {
    const { strategy = "median", fillValue, addIndicator = false } = this.options;
    if (!STRATEGIES.includes(strategy)) throw new RunlabError("impute knows no such strategy", { received: strategy, allowed: STRATEGIES.join(", ") });
    if (fillValue !== undefined && strategy !== "constant") throw new RunlabError("fillValue belongs to the strategy constant", { received: `strategy ${strategy}` });
    const suits = (name: string): boolean => ["number", "boolean", "category"].includes(columnKind(table.getChild(name)!.type));
    return chosenColumns("impute", table, all, this.options.columns, suits).map((name) => {
      const vector = table.getChild(name)!;
      const kind = columnKind(vector.type) === "category" ? "category" : "number";
      const indicator = addIndicator && missingIn(vector) !== null;
      const value = kind === "category" ? categoryFill(vector, name, strategy, fillValue) : numberFill(vector, name, strategy, fillValue);
      return { name, kind, value, indicator };
    });
  }

  protected needs(state: FilledColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: FilledColumn[]): MadeColumn[] {
    const flagged = state.filter((column) => column.indicator);
    return [...state.map(({ name }) => ({ name, sources: [name] })), ...flagged.map(({ name }) => ({ name: indicatorOf(name), sources: [name] }))];
  }

  protected isState(state: unknown): state is FilledColumn[] {
    return listOf(either(
      record({ name: isText, kind: (kind) => kind === "number", value: isNumber, indicator: isYesOrNo }),
      record({ name: isText, kind: (kind) => kind === "category", value: isText, indicator: isYesOrNo }),
    ))(state);
  }

  protected apply(table: Table, state: FilledColumn[]): Table {
    const replaced = new Map<string, NamedColumn[]>();
    const added: NamedColumn[] = [];
    for (const { name, kind, value, indicator } of state) {
      // Always the same types, whether or not this table happens to have missing values.
      if (kind === "category") {
        const labels = labelsLike(table, name, [""]);
        if (indicator) added.push({ name: indicatorOf(name), vector: uint8Vector(Uint8Array.from(labels.codes, (code) => (code < 0 ? 1 : 0))) });
        replaced.set(name, [{ name, vector: fillCategory(labels, value as string) }]);
        continue;
      }
      const { values, missing } = numbersLike(table, name);
      if (indicator) added.push({ name: indicatorOf(name), vector: uint8Vector(missing ?? new Uint8Array(values.length)) });
      replaced.set(name, [{ name, vector: fillNumber(values, missing, value as number) }]);
    }
    return replaceColumns(table, replaced, added);
  }
}

/** scikit-learn's name. */
function indicatorOf(name: string): string {
  return `missingindicator_${name}`;
}

function numberFill(vector: Vector, name: string, strategy: ImputeStrategy, fillValue: number | string | undefined): number {
  if (strategy === "constant") {
    if (fillValue !== undefined && typeof fillValue !== "number") throw new RunlabError(`fillValue for the number column ${JSON.stringify(name)} is a number`, { received: fillValue, allowed: "a number, or columns: [...] that names only categories" });
    return fillValue ?? 0;
  }
  const present = presentValues(numbersOf(vector, name));
  if (present.length === 0) throw noValues(name);
  if (strategy === "mean") {
    let sum = 0;
    for (let i = 0; i < present.length; i++) sum += present[i];
    return sum / present.length + 0;
  }
  if (strategy === "median") return medianOf(present);
  const sorted = present.sort();
  let best = sorted[0];
  let bestCount = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start + 1;
    while (end < sorted.length && sorted[end] === sorted[start]) end++;
    if (end - start > bestCount) {
      best = sorted[start];
      bestCount = end - start;
    }
    start = end;
  }
  return best + 0;
}

/** The middle value, or half-way between the middle two. Reorders the array. */
function medianOf(present: Float64Array): number {
  if (present.length % 2 === 1) return selectRank(present, present.length >> 1) + 0;
  const upper = selectRank(present, present.length >> 1);
  let lower = present[0];
  for (let i = 1; i < present.length >> 1; i++) if (present[i] > lower) lower = present[i];
  return (lower + upper) / 2 + 0;
}

function categoryFill(vector: Vector, name: string, strategy: ImputeStrategy, fillValue: number | string | undefined): string {
  if (strategy === "constant") {
    if (fillValue !== undefined && typeof fillValue !== "string") throw new RunlabError(`fillValue for the category column ${JSON.stringify(name)} is text`, { received: fillValue, allowed: "text, or columns: [...] that names only number columns" });
    return fillValue ?? "missing";
  }
  const { codes, levels } = labelsOf(vector, name);
  if (levels.length === 0) throw noValues(name);
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) counts[codes[i]]++;
  return levels[counts.indexOf(counts.reduce((most, count) => Math.max(most, count)))] as string;
}

function noValues(name: string): RunlabError {
  return new RunlabError(`column ${JSON.stringify(name)} has no value to learn from`, { allowed: 'strategy "constant", or leave the column out' });
}

function fillNumber(values: Float64Array, missing: Uint8Array | null, value: number): Vector {
  if (missing === null) return float64Vector(values);
  const filled = values.slice();
  for (let i = 0; i < filled.length; i++) if (missing[i]) filled[i] = value;
  return float64Vector(filled);
}

function fillCategory({ codes, levels }: Labels, value: string): Vector {
  if (!codes.includes(-1)) return dictionaryVector(codes, levels as string[]);
  const known = levels.indexOf(value);
  const all = known < 0 ? [...levels, value] : levels;
  const code = known < 0 ? levels.length : known;
  return dictionaryVector(codes.map((each) => (each < 0 ? code : each)), all as string[]);
}

/**
 * A step that fills in missing values: nulls, and NaN in number columns.
 *
 * When it misleads: a value that was filled in looks as sure as one that was measured. That a value is missing may say
 * something by itself; `addIndicator: true` keeps that.
 *
 * @example
 * const table = tableFromColumns({ mass: [1, null, 3, 8] });
 * [...impute({ strategy: "median" }).fitTransform(table).getChild("mass")!]; // [1, 3, 3, 8]
 */
export function impute(options: ImputeOptions = {}): SimpleImputer {
  return new SimpleImputer(options);
}
