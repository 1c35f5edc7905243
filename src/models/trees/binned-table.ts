/**
 * A table in bins: what trees are grown on and what they predict from.
 */
import { RunlabError } from "../../errors.js";
import { type FeatureBins, type TreeColumn, binCount, writeBins } from "./bins.js";

/**
 * One byte per row and feature.
 *
 * Guarantee: the bin of feature f in row r is `bins[r * rowStep + f * featureStep]`.
 */
export interface BinnedTable {
  readonly rows: number;
  readonly features: number;
  readonly rowStep: number;
  readonly featureStep: number;
  readonly bins: Uint8Array;
  /** Bins in use per feature, the missing bin not counted. */
  readonly counts: Uint16Array;
}

/** Rows are named by the place of their first bin, a signed 32-bit number. */
const MOST_BYTES = 2147483647;

/**
 * "columns": one feature after another, for growing trees that look at a few features a node: one of them fits the
 * processor's cache where the whole table does not. "rows": one row after another, for predicting.
 */
export type BinLayout = "columns" | "rows";

/** Puts columns into the bins chosen for them. */
export function binTable(columns: readonly TreeColumn[], bins: readonly FeatureBins[], rows: number, layout: BinLayout): BinnedTable {
  const features = columns.length;
  if (rows * features > MOST_BYTES) {
    throw new RunlabError("a tree's table may hold 2^31 values", { received: `${rows} rows x ${features} features`, allowed: "fewer rows or features" });
  }
  const rowStep = layout === "rows" ? features : 1;
  const featureStep = layout === "rows" ? 1 : rows;
  const out = new Uint8Array(rows * features);
  for (let f = 0; f < features; f++) writeBins(columns[f], bins[f], out, f * featureStep, rowStep);
  return { rows, features, rowStep, featureStep, bins: out, counts: Uint16Array.from(bins, binCount) };
}
