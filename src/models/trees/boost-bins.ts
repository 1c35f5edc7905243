/**
 * The bins that boosting grows on: quantiles with room for values that occur often, and a bin a category.
 */
import { type CategoryBins, type FeatureBins, MISSING_BIN, MOST_BINS, binCount, writeBins } from "./bins.js";
import { type BoostColumn, boostEdges } from "./boost-edges.js";

/** A table in bins, one column after another. */
export interface BoostBins {
  readonly rows: number;
  /** How each column was cut: what a fitted model keeps. */
  readonly features: readonly FeatureBins[];
  /** Bins in use per feature, the missing bin not counted. */
  readonly counts: Uint16Array;
  /** Per feature whether a value is missing. */
  readonly missing: Uint8Array;
  /** A byte per row and feature: feature f's begin at `f * rows`. 255 is missing. */
  readonly columns: Uint8Array;
}

export interface BoostBinsOptions {
  /** Most bins of a feature, 2 to 255, the missing bin not counted. */
  readonly maxBins?: number;
  /** Fewest rows of a bin of a feature with more values than bins. */
  readonly minDataInBin?: number;
  readonly threads?: number;
}

/** Chooses bins for columns and puts their rows into them. */
export function boostBins(columns: readonly BoostColumn[], rows: number, { maxBins = MOST_BINS, minDataInBin = 3 }: BoostBinsOptions = {}): BoostBins {
  const features = columns.map((column): FeatureBins =>
    column.kind === "category" ? frequentCategories(column.codes, column.categories, maxBins) : { kind: "number", edges: boostEdges(column.values, maxBins, minDataInBin) });
  const out = new Uint8Array(rows * columns.length);
  const missing = new Uint8Array(columns.length);
  for (let f = 0; f < columns.length; f++) {
    writeBins(columns[f], features[f], out, f * rows, 1);
    missing[f] = out.subarray(f * rows, (f + 1) * rows).includes(MISSING_BIN) ? 1 : 0;
  }
  return { rows, features, counts: Uint16Array.from(features, binCount), missing, columns: out };
}

/** A bin a category, the most frequent first; the rare ones that are left share the last. */
function frequentCategories(codes: Int32Array, categories: number, most: number): CategoryBins {
  const rows = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) rows[codes[i]]++;
  const order = Array.from(rows.keys()).filter((code) => rows[code] > 0).sort((a, b) => rows[b] - rows[a] || a - b);
  const binOfCode = new Uint8Array(categories).fill(MISSING_BIN);
  order.forEach((code, place) => (binOfCode[code] = Math.min(place, most - 1)));
  return { kind: "category", binOfCode, count: Math.max(1, Math.min(order.length, most)) };
}
