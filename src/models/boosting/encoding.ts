/**
 * Features to the columns that trees are grown on. They are the same unless categories become numbers: "ordered" target
 * statistics give each row the mean target of the rows before it, in a random order, that share its category
 * (Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features", 2018). A row never sees its own
 * target, so a column of very many categories cannot be learned by heart.
 */
import { RunlabError } from "../../errors.js";
import type { RandomStream } from "../../random/index.js";
import type { FeatureSpec } from "../features.js";
import { packArray, unpackArray } from "../typed-json.js";
import type { TreeColumn } from "../trees/bins.js";

/** What a categorical feature became. */
export interface CategoryMeans {
  /** Columns that stand for it: one, or one a class. */
  readonly columns: number;
  /** Per column and category the smoothed mean over all rows; column c's begin at `c * categories`. */
  readonly means: Float64Array;
  /** Per column the mean over all rows: what a category without rows gets. */
  readonly priors: Float64Array;
}

export interface Encoding {
  /** For each column of the trees the place of its feature. */
  readonly featureOf: Int32Array;
  /** Per feature; null where the column is the feature itself. */
  readonly means: readonly (CategoryMeans | null)[];
}

/** Features as they are. */
export function plainEncoding(features: number): Encoding {
  return { featureOf: Int32Array.from({ length: features }, (_, f) => f), means: new Array<null>(features).fill(null) };
}

/** What the means are of: one target a column (for classes, 1 where the row is of the class). */
export interface EncodingTarget {
  readonly targets: readonly Float64Array[];
  readonly weights: Float64Array | null;
  /** How many rows the overall mean counts as. */
  readonly smooth: number;
}

/** Learns the encoding of all categorical columns and applies it to the training rows. */
export function learnEncoding(columns: readonly TreeColumn[], target: EncodingTarget, rows: number, random: RandomStream): { encoding: Encoding; encoded: TreeColumn[] } {
  if (!columns.some((column) => column.kind === "category")) return { encoding: plainEncoding(columns.length), encoded: [...columns] };
  const order = random.shuffle(Uint32Array.from({ length: rows }, (_, i) => i));
  const priors = Float64Array.from(target.targets, (values) => mean(values, target.weights));
  const featureOf: number[] = [];
  const encoded: TreeColumn[] = [];
  const means = columns.map((column, f): CategoryMeans | null => {
    if (column.kind === "number") {
      featureOf.push(f);
      encoded.push(column);
      return null;
    }
    const all = new Float64Array(priors.length * column.categories);
    target.targets.forEach((values, c) => {
      featureOf.push(f);
      encoded.push({ kind: "number", values: orderedMeans(column, values, priors[c], target, order, all.subarray(c * column.categories, (c + 1) * column.categories)) });
    });
    return { columns: priors.length, means: all, priors };
  });
  return { encoding: { featureOf: Int32Array.from(featureOf), means }, encoded };
}

/** Applies an encoding to other rows. A missing category stays missing, one that was not seen gets the overall mean. */
export function applyEncoding(columns: readonly TreeColumn[], { means }: Encoding): TreeColumn[] {
  return columns.flatMap((column, f): TreeColumn[] => {
    const known = means[f];
    if (known === null || column.kind === "number") return [column];
    const { categories, codes } = column;
    return Array.from({ length: known.columns }, (_, c) => ({
      kind: "number",
      values: Float64Array.from(codes, (code) => (code < 0 ? NaN : known.means[c * categories + code])),
    }));
  });
}

function orderedMeans({ codes, categories }: TreeColumn & { kind: "category" }, values: Float64Array, prior: number, { weights, smooth }: EncodingTarget, order: Uint32Array, finalMeans: Float64Array): Float64Array {
  const sums = new Float64Array(categories);
  const totals = new Float64Array(categories);
  const out = new Float64Array(codes.length);
  // Without smoothing the first row of a category still needs a value.
  const prior0 = Math.max(smooth, 1e-9);
  for (let p = 0; p < order.length; p++) {
    const row = order[p];
    const code = codes[row];
    if (code < 0) {
      out[row] = NaN;
      continue;
    }
    out[row] = (sums[code] + prior * prior0) / (totals[code] + prior0);
    const weight = weights === null ? 1 : weights[row];
    sums[code] += weight * values[row];
    totals[code] += weight;
  }
  for (let code = 0; code < categories; code++) finalMeans[code] = (sums[code] + prior * prior0) / (totals[code] + prior0);
  return out;
}

function mean(values: Float64Array, weights: Float64Array | null): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? 1 : weights[i];
    sum += weight * values[i];
    total += weight;
  }
  return sum / total;
}

export function encodingToJson(encoding: Encoding): unknown {
  if (encoding.means.every((each) => each === null)) return null;
  return encoding.means.map((each) => (each === null ? null : { columns: each.columns, means: packArray(each.means), priors: packArray(each.priors) }));
}

/** @throws RunlabError when the data is no encoding of these features. */
export function encodingFromJson(json: unknown, features: readonly FeatureSpec[]): Encoding {
  if (json === null) return plainEncoding(features.length);
  if (!Array.isArray(json) || json.length !== features.length) throw damaged();
  const featureOf: number[] = [];
  const means = json.map((each: { columns?: unknown; means?: unknown; priors?: unknown } | null, f): CategoryMeans | null => {
    if (each === null) {
      featureOf.push(f);
      return null;
    }
    const values = unpackArray(each.means, "float64", "the means of a feature's categories");
    const priors = unpackArray(each.priors, "float64", "the means of a feature's categories");
    const { kind, categories } = features[f];
    if (kind !== "category" || priors.length < 1 || each.columns !== priors.length || values.length !== priors.length * categories!.length) throw damaged();
    for (let c = 0; c < priors.length; c++) featureOf.push(f);
    return { columns: priors.length, means: values, priors };
  });
  return { featureOf: Int32Array.from(featureOf), means };
}

function damaged(): RunlabError {
  return new RunlabError("the model file is damaged: the means of its categories do not fit its features");
}
