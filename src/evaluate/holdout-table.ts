/**
 * The table of hold-out predictions: one row a prediction, next to the truth.
 */
import type { Table, Vector } from "apache-arrow";
import type { Probabilities } from "../metrics/index.js";
import { vectorOf } from "../table/index.js";
import { NamedVectors } from "./named-vectors.js";

/** Up to this many values the features are kept beside the predictions; a larger table can be joined by row. */
const MOST_FEATURE_VALUES = 200_000;

/** What the table is made of. */
export interface HoldoutColumns {
  readonly table: Table;
  /** Row numbers in the table that was split. */
  readonly row: Vector;
  readonly truth: Vector;
  readonly prediction: Vector;
  readonly probabilities: Probabilities | null;
  readonly residuals: Float64Array | null;
  /** Columns that name rows: always kept. */
  readonly ids: readonly string[];
  readonly features: readonly string[];
}

/**
 * Columns: `row` (its number in the table that was split), ids, `truth`, `prediction`, then `probability_<class>` or
 * `residual` (truth less prediction), then the features when the table is small. A feature whose name is taken gets
 * `_feature` after it.
 */
export function holdoutTable(columns: HoldoutColumns): Table {
  const { table, probabilities, residuals, ids, features } = columns;
  const n = table.numRows;
  const named = new NamedVectors();
  named.add("row", columns.row);
  named.add("truth", columns.truth);
  named.add("prediction", columns.prediction);
  if (probabilities !== null) {
    const width = probabilities.classes.length;
    probabilities.classes.forEach((label, k) => {
      const column = new Float64Array(n);
      for (let i = 0; i < n; i++) column[i] = probabilities.values[i * width + k];
      named.add(`probability_${String(label)}`, vectorOf(column));
    });
  }
  if (residuals !== null) named.add("residual", vectorOf(residuals));
  for (const id of ids) named.add(id, table.getChild(id)!);
  if (n * features.length <= MOST_FEATURE_VALUES) for (const feature of features) named.add(feature, table.getChild(feature)!);
  return named.table();
}
