/**
 * A table in bins: what trees are grown on and what they predict from.
 */
import { RunlabError } from "../../errors.js";
import { withBinner } from "./bin-numbers.js";
import { type FeatureBins, type NumberBins, type TreeColumn, binCount, writeBins } from "./bins.js";

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
 * processor's cache where the whole table does not; and for predicting from, many rows to an instruction. "rows": one row
 * after another.
 */
export type BinLayout = "columns" | "rows";

/** Below this many values the kernel is not worth the way there. */
const VALUES_FOR_KERNEL = 1_000;

/** Puts columns into the bins chosen for them. */
export function binTable(columns: readonly TreeColumn[], bins: readonly FeatureBins[], rows: number, layout: BinLayout): BinnedTable {
  const features = columns.length;
  if (rows * features > MOST_BYTES) {
    throw new RunlabError("a tree's table may hold 2^31 values", { received: `${rows} rows x ${features} features`, allowed: "fewer rows or features" });
  }
  const rowStep = layout === "rows" ? features : 1;
  const featureStep = layout === "rows" ? 1 : rows;
  const out = new Uint8Array(rows * features);
  const numbers = layout === "columns" && rows * features >= VALUES_FOR_KERNEL ? columns.flatMap((column, f) => (column.kind === "number" ? [f] : [])) : [];
  if (numbers.length > 0) {
    withBinner((binner) => {
      for (const f of numbers) binner.write((columns[f] as TreeColumn & { kind: "number" }).values, bins[f] as NumberBins, out.subarray(f * rows, (f + 1) * rows));
    });
  }
  for (let f = 0; f < features; f++) if (!numbers.includes(f)) writeBins(columns[f], bins[f], out, f * featureStep, rowStep);
  return { rows, features, rowStep, featureStep, bins: out, counts: Uint16Array.from(bins, binCount) };
}
