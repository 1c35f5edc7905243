/**
 * The columns of numbers a model works on, made from a table of any kinds of columns.
 */
import { DataType, type Table, type Vector } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { leaseMemory } from "../../kernels/index.js";
import { type FeatureSpec, featureCodes, featureNumbers, requireFeatures } from "../features.js";
import { fillOf } from "./median.js";
import { MomentsReader } from "./moments.js";

/** "auto": missing values filled in, numbers scaled, categories encoded. "none": numbers as they are. */
export type Preprocess = "auto" | "none";

/** Besides, for models that count: "plain" fills in 0 and encodes categories, and leaves numbers unscaled. */
export type Preparation = Preprocess | "plain";

/** How one feature becomes columns. */
export type Encoding =
  /** (value - mean) / scale; a missing value counts as `fill` (see `fillOf`), which is null where missing values are refused. */
  | { readonly kind: "number"; readonly name: string; readonly fill: number | null; readonly mean: number; readonly scale: number }
  /** A column of 0 and 1 a level, and one for missing values when some occurred in training; a level that did not sets none. */
  | { readonly kind: "category"; readonly name: string; readonly levels: readonly string[]; readonly missing: boolean };

/** How a table becomes a design: learned from the training rows, kept with the model. */
export interface DesignRecipe {
  readonly preprocess: Preparation;
  /** Features without a single value, which say nothing and are left out. */
  readonly ignored: readonly string[];
  readonly encodings: readonly Encoding[];
  /** Names of the columns, such as `island=Dream`. */
  readonly columns: readonly string[];
}

/** A column of numbers, not yet filled in and scaled. */
export interface NumberColumn {
  /** Its place among all columns. */
  readonly place: number;
  readonly values: Float64Array | Uint8Array;
  readonly fill: number;
  readonly mean: number;
  readonly scale: number;
  /** About what the filled and scaled values are on average, where that is known. */
  readonly center: number;
}

/** Columns of 0 and 1 of which a row has at most one 1: kept as the number of that one, however many they are. */
export interface CodeColumn {
  /** Place of each level's column among all columns. */
  readonly places: Int32Array;
  /** Per row a level, or `places.length` for none. */
  readonly codes: Int32Array;
}

/** A table as columns of numbers, with those of categories kept as codes. */
export interface Design {
  readonly rows: number;
  /** Columns in all. */
  readonly width: number;
  readonly numbers: readonly NumberColumn[];
  readonly codes: readonly CodeColumn[];
}

/** Learns a recipe from training rows and applies it. `what` names the kind of model in messages. */
export function learnDesign(table: Table, features: readonly FeatureSpec[], preprocess: Preparation, what = "a linear model"): { recipe: DesignRecipe; design: Design } {
  const ignored = preprocess === "none" ? [] : features.filter((feature) => withoutValue(table.getChild(feature.name)!)).map((feature) => feature.name);
  const used = features.filter((feature) => !ignored.includes(feature.name));
  if (used.length === 0) throw new RunlabError("a model needs at least one feature with a value", { received: `only missing values in ${ignored.join(", ")}` });
  const read = requireFeatures(table, used).map((column, i) => readColumn(column, used[i], preprocess));
  const learned = learnEncodings(read, used, preprocess, what);
  const encodings = learned.map((each) => each.encoding);
  const columns = encodings.flatMap(columnsOf);
  return { recipe: { preprocess, ignored, encodings, columns }, design: designOf(table.numRows, read, encodings, learned.map((each) => each.center)) };
}

/** Applies a recipe to another table. */
export function applyDesign(table: Table, features: readonly FeatureSpec[], recipe: DesignRecipe, what = "a linear model"): Design {
  const used = features.filter((feature) => !recipe.ignored.includes(feature.name));
  if (used.length !== recipe.encodings.length || !used.every((feature, i) => encodes(recipe.encodings[i], feature))) throw new RunlabError("the model file is damaged: its features and its columns do not fit");
  const read = requireFeatures(table, used).map((column, i) => readColumn(column, used[i], recipe.preprocess));
  read.forEach((each, i) => {
    if (each.values instanceof Float64Array && !finiteOrMissing(each.values)) throw notFinite(each.values, used[i].name, what);
  });
  return designOf(table.numRows, read, recipe.encodings);
}

/** Whether an encoding is one of that feature: both may come from a file. */
function encodes(encoding: Encoding, feature: FeatureSpec): boolean {
  if (encoding.name !== feature.name || (encoding.kind === "category") !== (feature.kind === "category")) return false;
  return encoding.kind === "number" || encoding.levels.length === feature.categories!.length;
}

/** What a run records of the steps. */
export function recordSteps(recipe: DesignRecipe): Record<string, unknown>[] {
  if (recipe.preprocess === "none") return [];
  const numbers = recipe.encodings.filter((each) => each.kind === "number");
  const scaled = numbers.filter((each) => each.mean !== 0 || each.scale !== 1);
  const categories = recipe.encodings.filter((each) => each.kind === "category");
  return [
    { step: "impute", ...(recipe.preprocess === "plain" ? { strategy: "constant", fillValue: 0 } : { strategy: "median" }), columns: numbers.map((each) => each.name) },
    { step: "scale", withMean: true, withStd: true, columns: scaled.map((each) => each.name) },
    { step: "oneHot", unknown: "ignore", columns: categories.map((each) => each.name) },
  ].filter((step) => step.columns.length > 0);
}

export function recipeToJson(recipe: DesignRecipe): Record<string, unknown> {
  return { ...recipe };
}

/** @throws RunlabError when the data is no recipe. */
export function recipeFromJson(json: unknown): DesignRecipe {
  const { preprocess, ignored, encodings, columns } = (json ?? {}) as Partial<Record<keyof DesignRecipe, unknown>>;
  const whole = (preprocess === "auto" || preprocess === "none" || preprocess === "plain") && areTexts(ignored) && areTexts(columns) && Array.isArray(encodings) && encodings.every(isEncoding)
    && encodings.flatMap(columnsOf).length === columns.length;
  if (!whole) throw new RunlabError("the model file is damaged: it does not say how its columns are made");
  return { preprocess, ignored, encodings: encodings as Encoding[], columns };
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isEncoding(value: unknown): boolean {
  const { kind, name, fill, mean, scale, levels, missing } = (value ?? {}) as Record<string, unknown>;
  if (typeof name !== "string") return false;
  if (kind === "category") return areTexts(levels) && typeof missing === "boolean";
  return kind === "number" && (fill === null || Number.isFinite(fill)) && Number.isFinite(mean) && Number.isFinite(scale) && scale !== 0;
}

function columnsOf(encoding: Encoding): string[] {
  if (encoding.kind === "number") return [encoding.name];
  return [...encoding.levels, ...(encoding.missing ? ["missing"] : [])].map((level) => `${encoding.name}=${level}`);
}

function withoutValue(column: Vector): boolean {
  if (DataType.isNull(column.type as DataType)) return true;
  if (column.length === 0 || column.nullCount === column.length) return true;
  if (!DataType.isFloat(column.type)) return false;
  for (let i = 0; i < column.length; i++) {
    const value = column.get(i) as number | null;
    if (value !== null && !Number.isNaN(value)) return false;
  }
  return true;
}

/** The code of a category that did not occur in training. */
const UNSEEN = -2;

/** A feature's values: numbers with NaN where missing, or codes into the feature's categories, with -1 where missing and `UNSEEN`. */
interface ReadColumn {
  readonly values: Float64Array | Uint8Array | null;
  readonly codes: Int32Array | null;
}

function readColumn(column: Vector, feature: FeatureSpec, preprocess: Preparation): ReadColumn {
  if (feature.kind === "category") {
    if (preprocess === "none") throw new RunlabError(`preprocess "none" takes numbers; ${JSON.stringify(feature.name)} holds categories`, { allowed: 'preprocess "auto", or oneHot in a pipeline' });
    return { values: null, codes: featureCodes(column, feature, UNSEEN) };
  }
  const values = bytesOf(column) ?? featureNumbers(column, feature.name);
  if (preprocess === "none") {
    const missing = values.findIndex((value) => value !== value);
    if (missing >= 0) throw new RunlabError(`preprocess "none" takes no missing values; ${JSON.stringify(feature.name)} has one in row ${missing}`, { allowed: 'preprocess "auto", or impute in a pipeline' });
  }
  return { values, codes: null };
}

/** The values of a column of small numbers without missing ones, such as oneHot makes, where they lie. */
function bytesOf(column: Vector): Uint8Array | null {
  const type = column.type as DataType;
  if (!DataType.isInt(type) || type.bitWidth !== 8 || type.isSigned || column.data.length !== 1 || column.nullCount > 0) return null;
  return (column.data[0].values as Uint8Array).subarray(0, column.length);
}

interface LearnedEncoding {
  readonly encoding: Encoding;
  readonly center: number;
}

function learnEncodings(read: readonly ReadColumn[], features: readonly FeatureSpec[], preprocess: Preparation, what: string): LearnedEncoding[] {
  const lease = leaseMemory();
  try {
    const reader = new MomentsReader(lease);
    return read.map((each, i) => learnEncoding(each, features[i], preprocess, what, reader));
  } finally {
    lease.release();
  }
}

function learnEncoding({ values, codes }: ReadColumn, feature: FeatureSpec, preprocess: Preparation, what: string, reader: MomentsReader): LearnedEncoding {
  const { name } = feature;
  if (values === null) return { encoding: { kind: "category", name, levels: feature.categories!, missing: codes!.includes(-1) }, center: 0 };
  const moments = reader.of(values);
  const { mean, scale, flags, infiniteAt } = moments;
  if (infiniteAt >= 0) throw notFinite(values, name, what);
  if (preprocess === "none") return { encoding: { kind: "number", name, fill: null, mean: 0, scale: 1 }, center: mean };
  if (preprocess === "plain") return { encoding: { kind: "number", name, fill: 0, mean: 0, scale: 1 }, center: mean };
  const fill = fillOf(values, moments);
  // Columns that hold only 0 and 1 are left as they are: scaling would undo the encoding of a pipeline before this model.
  if (flags || feature.kind === "boolean") return { encoding: { kind: "number", name, fill, mean: 0, scale: 1 }, center: mean };
  return { encoding: { kind: "number", name, fill, mean, scale }, center: 0 };
}

function finiteOrMissing(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] === Infinity || values[i] === -Infinity) return false;
  return true;
}

function notFinite(values: Float64Array | Uint8Array, name: string, what: string): RunlabError {
  const row = values.findIndex((value) => value === Infinity || value === -Infinity);
  return new RunlabError(`${what} takes finite numbers; ${JSON.stringify(name)} has another in row ${row}`, { received: values[row] });
}

function designOf(rows: number, read: readonly ReadColumn[], encodings: readonly Encoding[], centers?: readonly number[]): Design {
  const numbers: NumberColumn[] = [];
  const codes: CodeColumn[] = [];
  let width = 0;
  encodings.forEach((encoding, i) => {
    if (encoding.kind === "number") {
      const { fill, mean, scale } = encoding;
      numbers.push({ place: width++, values: read[i].values!, fill: fill ?? NaN, mean, scale, center: centers?.[i] ?? 0 });
      return;
    }
    const levels = encoding.levels.length + (encoding.missing ? 1 : 0);
    const none = levels;
    const missing = encoding.missing ? encoding.levels.length : none;
    codes.push({ places: Int32Array.from({ length: levels }, (_, level) => width + level), codes: withoutGaps(read[i].codes!, missing, none) });
    width += levels;
  });
  return { rows, width, numbers, codes };
}

function withoutGaps(codes: Int32Array, missing: number, none: number): Int32Array {
  const out = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = codes[i] === UNSEEN ? none : codes[i] < 0 ? missing : codes[i];
  return out;
}

/**
 * The same design with runs of neighbouring columns of 0 and 1 that exclude one another taken together: what a oneHot step
 * in a pipeline has spread out costs a row one number again.
 */
export function foldFlags(design: Design): Design {
  const numbers: NumberColumn[] = [];
  const codes: CodeColumn[] = [...design.codes];
  let group: { places: number[]; codes: Int32Array; members: NumberColumn[] } | null = null;
  const close = (): void => {
    if (group === null) return;
    const { members, places } = group;
    if (members.length < 3) numbers.push(...members);
    else codes.push({ places: Int32Array.from(places), codes: group.codes.map((code) => (code < 0 ? places.length : code)) });
    group = null;
  };
  for (const column of design.numbers) {
    if (!(column.values instanceof Uint8Array) || column.mean !== 0 || column.scale !== 1 || column.values.some((value) => value > 1)) {
      numbers.push(column);
      continue;
    }
    if (group !== null && !joins(group.codes, column.values, group.places.length)) close();
    if (group === null) {
      group = { places: [], codes: new Int32Array(design.rows).fill(-1), members: [] };
      joins(group.codes, column.values, 0);
    }
    group.places.push(column.place);
    group.members.push(column);
  }
  close();
  return { ...design, numbers, codes };
}

/** Enters the ones of a column as `level`, unless a row has one already: then nothing is changed. */
function joins(codes: Int32Array, flags: Uint8Array, level: number): boolean {
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] === 0) continue;
    if (codes[i] >= 0) {
      for (let j = 0; j < i; j++) if (flags[j] !== 0) codes[j] = -1;
      return false;
    }
    codes[i] = level;
  }
  return true;
}

/** Adds to `out`, for each row, the sum of coefficients times values. `from` is where the coefficients begin. */
export function addScores(design: Design, coefficients: Float64Array, from: number, out: Float64Array): void {
  for (const column of design.numbers) {
    const coefficient = coefficients[from + column.place];
    if (coefficient !== 0) addColumn(column, coefficient, out);
  }
  for (const { places, codes } of design.codes) {
    const table = new Float64Array(places.length + 1);
    for (let level = 0; level < places.length; level++) table[level] = coefficients[from + places[level]];
    for (let i = 0; i < codes.length; i++) out[i] += table[codes[i]];
  }
}

function addColumn({ values, fill, mean, scale }: NumberColumn, coefficient: number, out: Float64Array): void {
  if (values instanceof Uint8Array) {
    for (let i = 0; i < values.length; i++) out[i] += coefficient * ((values[i] - mean) / scale);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    out[i] += coefficient * (((value === value ? value : fill) - mean) / scale);
  }
}

/** All columns spread out, row after row: for models that measure distances. `stride` doubles a row, the last ones 0. */
export function spread(design: Design, stride = design.width): Float64Array {
  const out = new Float64Array(design.rows * stride);
  for (const { place, values, fill, mean, scale } of design.numbers) {
    for (let i = 0, at = place; i < values.length; i++, at += stride) {
      const value = values[i];
      out[at] = ((value === value ? value : fill) - mean) / scale;
    }
  }
  for (const { places, codes } of design.codes) {
    for (let i = 0; i < codes.length; i++) if (codes[i] < places.length) out[i * stride + places[codes[i]]] = 1;
  }
  return out;
}
