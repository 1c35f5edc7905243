/**
 * A table in bins: what trees are grown on and what they predict from.
 */
import { RunlabError } from "../../errors.js";
import { type FeatureBins, type TreeColumn, binCount, writeBins } from "./bins.js";

/**
 * One byte per row and feature, row after row: the bins of a row lie in one or two cache lines, which is what counts
 * deep in a tree where a node's rows are far apart.
 *
 * Guarantee: bin f of row r is `bins[r * stride + f]`.
 */
export interface BinnedTable {
  readonly rows: number;
  readonly features: number;
  readonly stride: number;
  readonly bins: Uint8Array;
  /** Bins in use per feature, the missing bin not counted. */
  readonly counts: Uint16Array;
}

/** Rows are named by the place of their first bin, a signed 32-bit number. */
const MOST_BYTES = 2147483647;

/** Puts columns into the bins chosen for them. */
export function binTable(columns: readonly TreeColumn[], bins: readonly FeatureBins[], rows: number): BinnedTable {
  const stride = Math.max(1, columns.length);
  if (rows * stride > MOST_BYTES) {
    throw new RunlabError("a tree's table may hold 2^31 values", { received: `${rows} rows x ${stride} features`, allowed: "fewer rows or features" });
  }
  const out = new Uint8Array(rows * stride);
  for (let f = 0; f < columns.length; f++) writeBins(columns[f], bins[f], out, f, stride);
  return { rows, features: columns.length, stride, bins: out, counts: Uint16Array.from(bins, binCount) };
}
