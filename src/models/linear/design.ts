/**
 * The matrix a linear model works on, made from a table of any kinds of columns.
 */
import { DataType, type Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { impute, oneHot, scale, transformerFromJSON, type Transformer, type TransformerJSON } from "../../preprocess/index.js";
import { missingIn, numbersOf, tableFromVectors, vectorOf } from "../../table/index.js";
import { type FeatureSpec, featureNumbers, requireFeatures } from "../features.js";

/** "auto": missing values filled in, numbers scaled, categories encoded. "none": numbers as they are. */
export type Preprocess = "auto" | "none";

/**
 * Rows of numbers: a dense part, and columns of 0 and 1 kept as the list of their ones, so that a column of a hundred
 * categories costs a row one number instead of a hundred.
 */
export interface Design {
  readonly rows: number;
  readonly width: number;
  /** Row-major, `denseColumns.length` a row. */
  readonly dense: Float64Array;
  /** Place of each dense column among all columns. */
  readonly denseColumns: Int32Array;
  /** The ones of row i are the columns `ones[starts[i]]` to `ones[starts[i + 1] - 1]`. */
  readonly starts: Int32Array;
  readonly ones: Int32Array;
}

/** How a table becomes a design: learned from the training rows, kept with the model. */
export interface DesignRecipe {
  readonly preprocess: Preprocess;
  /** Features without a single value, which say nothing and are left out. */
  readonly ignored: readonly string[];
  readonly steps: readonly Transformer[];
  /** Names of the matrix's columns, such as `island_Dream`. */
  readonly columns: readonly string[];
}

/** Learns a recipe from training rows and applies it. */
export function learnDesign(table: Table, features: readonly FeatureSpec[], preprocess: Preprocess): { recipe: DesignRecipe; design: Design } {
  const ignored = preprocess === "none" ? [] : features.filter((feature) => withoutValue(table, feature)).map((feature) => feature.name);
  const used = features.filter((feature) => !ignored.includes(feature.name));
  if (used.length === 0) throw new RunlabError("a model needs at least one feature with a value", { received: `only missing values in ${ignored.join(", ")}` });
  let plain = plainTable(table, used);
  const steps = preprocess === "none" ? [] : stepsFor(plain, used);
  if (preprocess === "none") checkPlain(plain, used);
  for (const step of steps) plain = step.fitTransform(plain);
  const columns = plain.schema.fields.map((field) => field.name);
  return { recipe: { preprocess, ignored, steps, columns }, design: designOf(plain) };
}

/** Applies a recipe to another table. */
export function applyDesign(table: Table, features: readonly FeatureSpec[], recipe: DesignRecipe): Design {
  const used = features.filter((feature) => !recipe.ignored.includes(feature.name));
  let plain = plainTable(table, used);
  if (recipe.preprocess === "none") checkPlain(plain, used);
  for (const step of recipe.steps) plain = step.transform(plain);
  return designOf(plain);
}

/** What a run records of the steps. */
export function recordSteps(recipe: DesignRecipe): Record<string, unknown>[] {
  return recipe.steps.map((step) => ({ step: step.type, ...step.params() }));
}

export function recipeToJson(recipe: DesignRecipe): Record<string, unknown> {
  return { preprocess: recipe.preprocess, ignored: recipe.ignored, steps: recipe.steps.map((step) => step.toJSON()), columns: recipe.columns };
}

/** @throws RunlabError when the data is no recipe. */
export function recipeFromJson(json: unknown): DesignRecipe {
  const { preprocess, ignored, steps, columns } = (json ?? {}) as Partial<Record<keyof DesignRecipe, unknown>>;
  if ((preprocess !== "auto" && preprocess !== "none") || !Array.isArray(ignored) || !Array.isArray(steps) || !Array.isArray(columns)) {
    throw new RunlabError("the model file is damaged: it does not say how its columns are made");
  }
  return { preprocess, ignored, columns, steps: (steps as TransformerJSON[]).map(transformerFromJSON) };
}

function withoutValue(table: Table, feature: FeatureSpec): boolean {
  const column = table.getChild(feature.name)!;
  if (DataType.isNull(column.type as DataType)) return true;
  const missing = missingIn(column);
  return missing !== null && missing.every((each) => each === 1);
}

/** The features alone, times as numbers of milliseconds. */
function plainTable(table: Table, features: readonly FeatureSpec[]): Table {
  const columns = requireFeatures(table, features);
  const vectors = columns.map((column, i) => {
    const { kind, name } = features[i];
    if (kind === "category" && !DataType.isNull(column.type as DataType)) return column;
    if (kind === "category") return vectorOf(new Array<string | null>(column.length).fill(null), name);
    if (kind === "boolean" && !DataType.isNull(column.type as DataType)) return column;
    const numbers = featureNumbers(column, name);
    for (let row = 0; row < numbers.length; row++) {
      if (numbers[row] === Infinity || numbers[row] === -Infinity) throw new RunlabError(`a linear model takes finite numbers; ${JSON.stringify(name)} has another in row ${row}`, { received: numbers[row] });
    }
    return vectorOf(numbers, name);
  });
  return tableFromVectors(features.map((feature) => feature.name), vectors);
}

/**
 * Columns that hold only 0 and 1 are left as they are: scaling them would undo the encoding of a pipeline before
 * this model.
 */
function stepsFor(table: Table, features: readonly FeatureSpec[]): Transformer[] {
  const named = (test: (feature: FeatureSpec) => boolean): string[] => features.filter(test).map((feature) => feature.name);
  const numeric = named((feature) => feature.kind !== "category");
  const scaled = named((feature) => (feature.kind === "number" || feature.kind === "time") && !zeroOrOne(numbersOf(table, feature.name)));
  const categories = named((feature) => feature.kind === "category");
  const steps: Transformer[] = [];
  if (numeric.length > 0) steps.push(impute({ strategy: "median", columns: numeric }));
  if (scaled.length > 0) steps.push(scale({ columns: scaled }));
  if (categories.length > 0) steps.push(oneHot({ unknown: "ignore", columns: categories }));
  return steps;
}

function zeroOrOne(values: Float64Array): boolean {
  return values.every((value) => value === 0 || value === 1 || Number.isNaN(value));
}

function checkPlain(table: Table, features: readonly FeatureSpec[]): void {
  for (const { name, kind } of features) {
    if (kind === "category") throw new RunlabError(`preprocess "none" takes numbers; ${JSON.stringify(name)} holds categories`, { allowed: 'preprocess "auto", or oneHot in a pipeline' });
    const missing = missingIn(table.getChild(name)!);
    if (missing !== null) throw new RunlabError(`preprocess "none" takes no missing values; ${JSON.stringify(name)} has one in row ${missing.indexOf(1)}`, { allowed: 'preprocess "auto", or impute in a pipeline' });
  }
}

function designOf(table: Table): Design {
  const rows = table.numRows;
  const fields = table.schema.fields;
  const isOnes = fields.map((field) => DataType.isInt(field.type) && field.type.bitWidth === 8);
  const denseColumns = Int32Array.from(fields.keys()).filter((column) => !isOnes[column]);
  const d = denseColumns.length;
  const dense = new Float64Array(rows * d);
  denseColumns.forEach((column, j) => {
    const values = numbersOf(table.getChildAt(column)!, fields[column].name);
    for (let i = 0, at = j; i < rows; i++, at += d) dense[at] = values[i];
  });
  const flags = fields.map((_, column) => (isOnes[column] ? (table.getChildAt(column)!.toArray() as Uint8Array) : null));
  const starts = new Int32Array(rows + 1);
  for (const values of flags) if (values !== null) for (let i = 0; i < rows; i++) starts[i + 1] += values[i];
  for (let i = 0; i < rows; i++) starts[i + 1] += starts[i];
  const ones = new Int32Array(starts[rows]);
  const filled = starts.slice(0, rows);
  flags.forEach((values, column) => {
    if (values !== null) for (let i = 0; i < rows; i++) if (values[i] !== 0) ones[filled[i]++] = column;
  });
  return { rows, width: fields.length, dense, denseColumns, starts, ones };
}

/** Adds to `out`, for each row, the sum of coefficients times values. `from` is where the coefficients begin. */
export function addScores(design: Design, coefficients: Float64Array, from: number, out: Float64Array): void {
  const { rows, dense, denseColumns, starts, ones } = design;
  const d = denseColumns.length;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0, at = i * d; j < d; j++, at++) sum += coefficients[from + denseColumns[j]] * dense[at];
    for (let q = starts[i]; q < starts[i + 1]; q++) sum += coefficients[from + ones[q]];
    out[i] += sum;
  }
}

/** Adds to `out`, from place `from` on, the sum over rows of factor times values: the other way round. */
export function addColumns(design: Design, factors: Float64Array, from: number, out: Float64Array): void {
  const { rows, dense, denseColumns, starts, ones } = design;
  const d = denseColumns.length;
  for (let i = 0; i < rows; i++) {
    const factor = factors[i];
    for (let j = 0, at = i * d; j < d; j++, at++) out[from + denseColumns[j]] += factor * dense[at];
    for (let q = starts[i]; q < starts[i + 1]; q++) out[from + ones[q]] += factor;
  }
}

/**
 * Adds the sum over rows of factor times the outer product of the row with itself and a 1 after it: a square matrix of
 * `width + 1`, row-major, of which only the lower half is written.
 */
export function addProducts(design: Design, factors: Float64Array, out: Float64Array): void {
  const { rows, width, dense, denseColumns, starts, ones } = design;
  const d = denseColumns.length;
  const size = width + 1;
  const place = new Int32Array(width + 1);
  const value = new Float64Array(width + 1);
  for (let i = 0; i < rows; i++) {
    const factor = factors[i];
    if (factor === 0) continue;
    // The row's entries by ascending place: dense columns and ones come in two sorted lists.
    let count = 0;
    let q = starts[i];
    const end = starts[i + 1];
    for (let j = 0, at = i * d; j < d; j++, at++) {
      while (q < end && ones[q] < denseColumns[j]) {
        place[count] = ones[q++];
        value[count++] = 1;
      }
      place[count] = denseColumns[j];
      value[count++] = dense[at];
    }
    while (q < end) {
      place[count] = ones[q++];
      value[count++] = 1;
    }
    place[count] = width;
    value[count++] = 1;
    for (let a = 0; a < count; a++) {
      const row = place[a] * size;
      const scaled = factor * value[a];
      for (let b = 0; b <= a; b++) out[row + place[b]] += scaled * value[b];
    }
  }
}
