/**
 * A table's columns as trees take them.
 */
import type { Table } from "apache-arrow";
import { type FeatureSpec, featureCodes, featureNumbers, requireFeatures } from "../features.js";
import { type BinnedTable, binTable } from "./binned-table.js";
import { type CategoryTarget, type FeatureBins, type TreeColumn, featureBins } from "./bins.js";

/** One column per feature: categories as codes, everything else as numbers. */
export function treeColumns(table: Table, features: readonly FeatureSpec[]): TreeColumn[] {
  const columns = requireFeatures(table, features);
  return features.map((feature, i) =>
    feature.kind === "category"
      ? { kind: "category", codes: featureCodes(columns[i], feature), categories: feature.categories!.length }
      : { kind: "number", values: featureNumbers(columns[i], feature.name) });
}

/** Chooses bins for the features of a training table and puts it into them. */
export function learnBins(table: Table, features: readonly FeatureSpec[], target: CategoryTarget, most: number): { bins: FeatureBins[]; binned: BinnedTable } {
  const columns = treeColumns(table, features);
  const bins = columns.map((column) => featureBins(column, target, most));
  return { bins, binned: binTable(columns, bins, table.numRows, "columns") };
}

/** Puts another table into bins that were chosen before. Categories that were not seen then count as missing. */
export function intoBins(table: Table, features: readonly FeatureSpec[], bins: readonly FeatureBins[]): BinnedTable {
  return binTable(treeColumns(table, features), bins, table.numRows, "columns");
}
