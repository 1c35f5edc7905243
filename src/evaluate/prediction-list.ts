/**
 * The predictions as a short list for people and other programs: `tables/predictions.csv`.
 */
import { DataType, type Table, type Vector } from "apache-arrow";
import type { Label, Probabilities } from "../metrics/index.js";
import { vectorOf } from "../table/index.js";
import { NamedVectors } from "./named-vectors.js";

/** What the list is made of. */
export interface PredictionListColumns {
  readonly table: Table;
  /** Row numbers in the table that was split. */
  readonly row: Vector;
  readonly truth: Vector;
  readonly prediction: Vector;
  readonly predicted: Label[] | Float64Array;
  readonly probabilities: Probabilities | null;
  /** The positive class of two, as a place in the classes; null when there is none. */
  readonly positive: number | null;
  readonly target: string;
}

/**
 * Columns: `row`, every column of dates or timestamps that the hold-out has (a feature or not), `truth`, `prediction`;
 * then of a classifier `probability_<positive class>` when there are two classes, else `probability`, that of the
 * prediction.
 */
export function predictionList(columns: PredictionListColumns): Table {
  const { table, row, truth, prediction, predicted, probabilities, positive, target } = columns;
  const named = new NamedVectors();
  // The four names are fixed: a column of times that is called like one of them steps aside.
  const times = table.schema.fields.filter(({ name, type }) => name !== target && (DataType.isTimestamp(type) || DataType.isDate(type)));
  const reserved = ["row", "truth", "prediction", "probability"];
  named.add("row", row);
  for (const { name } of times) named.add(reserved.includes(name) ? `${name}_feature` : name, table.getChild(name)!);
  named.add("truth", truth);
  named.add("prediction", prediction);
  if (probabilities !== null) {
    const { classes, values } = probabilities;
    const width = classes.length;
    const column = new Float64Array(table.numRows);
    const place = new Map(classes.map((label, k) => [label as Label, k]));
    for (let i = 0; i < column.length; i++) column[i] = values[i * width + (positive ?? place.get((predicted as Label[])[i])!)];
    named.add(positive === null ? "probability" : `probability_${String(classes[positive])}`, vectorOf(column));
  }
  return named.table();
}
