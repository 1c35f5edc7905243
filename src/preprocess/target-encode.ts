/**
 * Categories as what the target is like in them.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { currentSeed, stream } from "../random/index.js";
import { kFoldPlaces } from "../split/k-fold.js";
import { stratifiedPlaces } from "../split/stratified-k-fold.js";
import { float64Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { labelsOf, numbersOf } from "../table/values.js";
import type { Labels } from "../table/values.js";
import { labelsLike } from "./column-like.js";
import { holdsLevels, levelText } from "./frequent-levels.js";
import type { Level } from "./frequent-levels.js";
import { isLevel, isNumber, isText, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn, TargetColumn } from "./transformer.js";

/** Options of `targetEncode`. */
export interface TargetEncodeOptions {
  /**
   * How much a category's mean is drawn to the mean of all rows: as much as so many rows would, or "auto", by how
   * much the target varies within the category and overall (an empirical Bayes estimate). Default "auto".
   */
  smooth?: "auto" | number;
  /** Folds for the training rows: each row is encoded by the rows of the other folds. Default 5. */
  cv?: number;
  /** Draw the folds. Default true. */
  shuffle?: boolean;
  /** Default: the seed of the run. */
  seed?: number;
  /** Default: every text and category column among the features. Columns of numbers and booleans are taken when named. */
  columns?: readonly string[];
}

interface TargetState {
  columns: MeanColumn[];
  /** The mean of the target, or the share of each class; what an unknown category becomes. */
  means: number[];
  /** Classes whose shares are encoded: one of two, each of more; null for a quantity. */
  classes: Level[] | null;
}

interface MeanColumn {
  name: string;
  levels: Level[];
  /** For each class (or the quantity), one number a level. */
  encodings: number[][];
}

/** The target as numbers, one array a class that is encoded. */
interface TargetNumbers {
  readonly values: readonly Float64Array[];
  readonly classes: Level[] | null;
  readonly labels: Labels | null;
}

/**
 * Categories as the target's mean in them: see `targetEncode`.
 *
 * Semantics of scikit-learn's TargetEncoder (folds are drawn from this library's streams). Micci-Barreca, "A
 * preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explorations 3 (2001), equations 3 to 6.
 */
export class TargetEncoder extends Transformer<TargetState> {
  readonly type = "targetEncode";
  override readonly options: TargetEncodeOptions;
  #seed: number | null = null;

  constructor(options: TargetEncodeOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { smooth = "auto", cv = 5, shuffle = true, seed = this.#seed, columns = null } = this.options;
    return { smooth, cv, shuffle, seed, columns };
  }

  protected learn(table: Table, all: readonly string[], target: TargetColumn | null): TargetState {
    const { smooth = "auto", cv = 5, shuffle = true, seed, columns } = this.options;
    if (smooth !== "auto" && !(Number.isFinite(smooth) && smooth >= 0)) throw new RunlabError('smooth is "auto" or a number of rows, 0 or more', { received: smooth });
    if (!Number.isInteger(cv) || cv < 2) throw new RunlabError("cv is a whole number of folds, 2 or more", { received: cv });
    if (seed !== undefined && !shuffle) throw new RunlabError("folds in order draw nothing, so targetEncode takes no seed", { allowed: "leave out seed, or shuffle: true" });
    if (target === null) throw new RunlabError("targetEncode learns from the target", { allowed: 'a part made by split, or fit(table, { target: "..." })' });
    this.#seed = shuffle ? seed ?? currentSeed() : null;
    const { values, classes } = targetNumbers(table, target);
    const chosen = chosenColumns("targetEncode", table, all, columns, (name) => holdsLevels(table, name, columns !== undefined));
    return {
      columns: chosen.map((name) => {
        const { codes, levels } = codesWithMissing(table, name);
        return { name, levels, encodings: values.map((each) => Array.from(encode(codes, levels.length, each, smooth, null, 0))) };
      }),
      means: values.map((each) => meanOf(each, null, 0)),
      classes,
    };
  }

  /** Training rows are encoded by the rows of the other folds: their own target must not come back as a feature. */
  protected override learnAndApply(table: Table, all: readonly string[], target: TargetColumn | null): { state: TargetState; changed: Table } {
    const state = this.learn(table, all, target);
    const { values, labels } = targetNumbers(table, target!);
    if (table.numRows < 2) throw new RunlabError("targetEncode needs at least two rows to encode those it learns from", { received: "1 row" });
    const { cv = 5, smooth = "auto" } = this.options;
    const folds = Math.min(cv, table.numRows);
    const draws = this.#seed === null ? null : stream("targetEncode", this.#seed);
    const places = labels === null ? kFoldPlaces("targetEncode", table.numRows, folds, draws) : stratifiedPlaces(labels, folds, draws);
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name } of state.columns) {
      const { codes, levels } = codesWithMissing(table, name);
      const encoded = values.map((each) => {
        const byFold = Array.from({ length: folds }, (_, fold) => encode(codes, levels.length, each, smooth, places, fold));
        const out = new Float64Array(codes.length);
        for (let i = 0; i < out.length; i++) out[i] = byFold[places[i]][codes[i]];
        return out;
      });
      replaced.set(name, encoded.map((out, c) => ({ name: nameOf(name, state.classes, c), vector: float64Vector(out) })));
    }
    return { state, changed: replaceColumns(table, replaced) };
  }

  protected needs(state: TargetState): string[] {
    return state.columns.map((column) => column.name);
  }

  protected made(state: TargetState): MadeColumn[] {
    return state.columns.flatMap(({ name }) => state.means.map((_, c) => ({ name: nameOf(name, state.classes, c), sources: [name] })));
  }

  protected isState(state: unknown): state is TargetState {
    if (!record({
      columns: listOf(record({ name: isText, levels: listOf(isLevel), encodings: listOf(listOf(isNumber)) })),
      means: listOf(isNumber),
      classes: (value) => value === null || listOf(isLevel)(value),
    })(state)) return false;
    const { columns, means, classes } = state as TargetState;
    return means.length >= 1 && (classes?.length ?? 1) === means.length
      && columns.every(({ levels, encodings }) => encodings.length === means.length && encodings.every((each) => each.length === levels.length));
  }

  protected apply(table: Table, { columns, means, classes }: TargetState): Table {
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name, levels, encodings } of columns) {
      const found = codesWithMissing(table, name, levels);
      const known = new Map(levels.map((level, at) => [level, at]));
      const places = found.levels.map((level) => known.get(level));
      replaced.set(name, encodings.map((encoding, c) => {
        const numbers = Float64Array.from(places, (at) => (at === undefined ? means[c] : encoding[at]));
        const out = new Float64Array(found.codes.length);
        for (let i = 0; i < out.length; i++) out[i] = numbers[found.codes[i]];
        return { name: nameOf(name, classes, c), vector: float64Vector(out) };
      }));
    }
    return replaceColumns(table, replaced);
  }
}

/** A column keeps its name, unless each of several classes has one. */
function nameOf(name: string, classes: Level[] | null, c: number): string {
  return classes === null || classes.length === 1 ? name : `${name}~${levelText(classes[c])}`;
}

/** Categories as codes from 0, a missing value as the last of them. */
function codesWithMissing(table: Table, name: string, known: readonly Level[] = []): { codes: Int32Array; levels: Level[] } {
  const { codes, levels } = labelsLike(table, name, known);
  if (!codes.includes(-1)) return { codes, levels };
  return { codes: codes.map((code) => (code < 0 ? levels.length : code)), levels: [...levels, null] };
}

function targetNumbers(table: Table, { name, task }: TargetColumn): TargetNumbers {
  if (task === "regression") {
    const values = numbersOf(table, name);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new RunlabError(`targetEncode needs the target ${JSON.stringify(name)} in every row`, { received: `${Number.isNaN(values[wrong]) ? "a missing value" : values[wrong]} in row ${wrong}`, allowed: `dropMissing(table, [${JSON.stringify(name)}])` });
    return { values: [values], classes: null, labels: null };
  }
  const labels = labelsOf(table, name);
  const wrong = labels.codes.indexOf(-1);
  if (wrong >= 0) throw new RunlabError(`targetEncode needs the target ${JSON.stringify(name)} in every row`, { received: `a missing value in row ${wrong}`, allowed: `dropMissing(table, [${JSON.stringify(name)}])` });
  // Of two classes the second is enough: the first is what is left of 1.
  const encoded = labels.levels.length <= 2 ? [labels.levels.length - 1] : labels.levels.map((_, c) => c);
  const values = encoded.map((c) => Float64Array.from(labels.codes, (code) => (code === c ? 1 : 0)));
  return { values, classes: encoded.map((c) => labels.levels[c]), labels };
}

/** The mean over all rows, or over those that are not in `fold`. */
function meanOf(values: Float64Array, places: Uint32Array | null, fold: number): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (places !== null && places[i] === fold) continue;
    sum += values[i];
    count++;
  }
  return sum / count;
}

/** The number for each level, by all rows or by those that are not in `fold`. */
function encode(codes: Int32Array, levels: number, values: Float64Array, smooth: "auto" | number, places: Uint32Array | null, fold: number): Float64Array {
  const mean = meanOf(values, places, fold);
  const counts = new Float64Array(levels);
  const sums = new Float64Array(levels);
  let rows = 0;
  let squares = 0;
  for (let i = 0; i < codes.length; i++) {
    if (places !== null && places[i] === fold) continue;
    counts[codes[i]]++;
    sums[codes[i]] += values[i];
    squares += (values[i] - mean) * (values[i] - mean);
    rows++;
  }
  if (smooth !== "auto") return sums.map((sum, level) => (counts[level] + smooth === 0 ? mean : (sum + smooth * mean) / (counts[level] + smooth)));
  const variance = squares / rows;
  const means = sums.map((sum, level) => sum / counts[level]);
  const within = new Float64Array(levels);
  for (let i = 0; i < codes.length; i++) {
    if (places !== null && places[i] === fold) continue;
    const difference = values[i] - means[codes[i]];
    within[codes[i]] += difference * difference;
  }
  return means.map((own, level) => {
    const weight = (variance * counts[level]) / (variance * counts[level] + within[level] / counts[level]);
    // No row of the category, or a target that does not vary.
    return weight !== weight ? mean : weight * own + (1 - weight) * mean;
  });
}

/**
 * A step that replaces each category by what the target is like in it: its mean, or the share of the second of two
 * classes; of more classes each has a column `<name>~<class>`. One number stands for any number of categories.
 *
 * `fitTransform` encodes each training row by the rows of the other folds, `transform` by all training rows, so that a
 * model does not learn to trust a number that knew its answer. In a pipeline this happens by itself. A missing value is
 * a category of its own; one that did not occur when fitting becomes the overall mean.
 *
 * When it misleads: `fit(train).transform(train)` lets each row's target through; rare categories are noisy even so.
 *
 * @throws RunlabError from `fit` without a target, or with one that is missing in some rows.
 *
 * @example
 * const table = tableFromColumns({ town: ["a", "a", "b", "b"], y: [1, 3, 10, 10] });
 * const step = targetEncode({ smooth: 0 }).fit(table, { target: "y" });
 * [...step.transform(tableFromColumns({ town: ["b", "a", "new"] })).getChild("town")!]; // [10, 2, 6]
 */
export function targetEncode(options: TargetEncodeOptions = {}): TargetEncoder {
  return new TargetEncoder(options);
}
