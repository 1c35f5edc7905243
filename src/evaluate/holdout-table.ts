/**
 * The table of hold-out predictions: one row a prediction, next to the truth.
 */
import type { Table, Vector } from "apache-arrow";
import type { Label, Probabilities } from "../metrics/index.js";
import { tableFromVectors, vectorOf } from "../table/index.js";

/** Up to this many values the features are kept beside the predictions; a larger table can be joined by row. */
const MOST_FEATURE_VALUES = 200_000;

/** What the table is made of. */
export interface HoldoutColumns {
  readonly table: Table;
  /** Row numbers in the table that was split; null when the table was not split. */
  readonly rows: Uint32Array | null;
  readonly truth: Vector;
  readonly predicted: Label[] | Float64Array;
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
  const named = new Map<string, Vector>();
  const add = (name: string, vector: Vector): void => {
    let unique = name;
    while (named.has(unique)) unique += "_feature";
    named.set(unique, vector);
  };
  add("row", vectorOf(columns.rows ?? Uint32Array.from({ length: n }, (_, i) => i), "row"));
  add("truth", columns.truth);
  add("prediction", vectorOf(columns.predicted as Float64Array, "prediction"));
  if (probabilities !== null) {
    const width = probabilities.classes.length;
    probabilities.classes.forEach((label, k) => {
      const column = new Float64Array(n);
      for (let i = 0; i < n; i++) column[i] = probabilities.values[i * width + k];
      add(`probability_${String(label)}`, vectorOf(column));
    });
  }
  if (residuals !== null) add("residual", vectorOf(residuals));
  for (const id of ids) add(id, table.getChild(id)!);
  if (n * features.length <= MOST_FEATURE_VALUES) for (const feature of features) add(feature, table.getChild(feature)!);
  return tableFromVectors([...named.keys()], [...named.values()]);
}
