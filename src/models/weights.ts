/**
 * How much each row counts.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import type { Label } from "../metrics/index.js";
import { numbersOf } from "../table/index.js";

/** A number a row, or the name of a column that holds them (which is then no feature). */
export type Weights = ArrayLike<number> | string;

/** "balanced" gives every class the same total weight; a record gives a factor for each class by its name. */
export type ClassWeight = "balanced" | Readonly<Record<string, number>> | null;

const LEAST_TOTAL = 1e-100;
const GREATEST_TOTAL = 1e100;

/**
 * The weights of a table's rows, 1 for each when none are given.
 *
 * @throws RunlabError when there are more or fewer than rows, one is negative or not finite, or their sum is 0 or beyond computing
 * with.
 */
export function rowWeights(table: Table, weights: Weights | undefined): Float64Array {
  const rows = table.numRows;
  if (weights === undefined) return new Float64Array(rows).fill(1);
  if (typeof weights !== "string" && !isNumberList(weights)) throw new RunlabError("weights are one number a row, or the name of a column", { received: weights });
  const values = typeof weights === "string" ? numbersOf(table, weights) : Float64Array.from(weights);
  if (values.length !== rows) throw new RunlabError("weights are one number a row", { received: `${values.length} weights for ${rows} rows` });
  let total = 0;
  for (let i = 0; i < rows; i++) {
    if (!(values[i] >= 0 && values[i] < Infinity)) throw new RunlabError(`weights are finite and not negative; see row ${i}`, { received: values[i] });
    total += values[i];
  }
  checkTotal(total, rows);
  return values;
}

/** Numbers by place; bigints are none that could be multiplied with. */
function isNumberList(weights: unknown): boolean {
  if (typeof weights !== "object" || weights === null || weights instanceof DataView) return false;
  const { length } = weights as { length?: unknown };
  return typeof length === "number" && (length === 0 || typeof (weights as ArrayLike<unknown>)[0] !== "bigint");
}

/** Sums of products of weights stay far from the least and the greatest number there is. */
function checkTotal(total: number, rows: number): void {
  if (total === 0) throw new RunlabError("at least one weight is above 0", { received: `${rows} weights that are 0` });
  if (!(total >= LEAST_TOTAL && total <= GREATEST_TOTAL)) throw new RunlabError("the sum of all weights is too small or too large to compute with", { received: total, allowed: `${LEAST_TOTAL} to ${GREATEST_TOTAL}; all of them times one factor mean the same to most models` });
}

/**
 * Multiplies row weights by the factor of each row's class, as scikit-learn does: "balanced" stands for
 * `rows / (classes * rows of the class)`.
 *
 * @throws RunlabError for a class that does not occur, and when nothing is left that counts.
 */
export function applyClassWeight(weights: Float64Array, labels: Int32Array, classes: readonly Label[], classWeight: ClassWeight): Float64Array {
  if (classWeight === null) return weights;
  const factors = new Float64Array(classes.length).fill(1);
  if (classWeight === "balanced") {
    const counts = new Float64Array(classes.length);
    for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
    for (let k = 0; k < classes.length; k++) factors[k] = labels.length / (classes.length * counts[k]);
  } else if (typeof classWeight === "object") {
    for (const [name, factor] of Object.entries(classWeight)) {
      const at = classes.findIndex((label) => String(label) === name);
      if (at < 0) throw new RunlabError("classWeight names a class that does not occur", { received: name, allowed: classes.map(String).join(", ") });
      if (!(factor >= 0 && factor < Infinity)) throw new RunlabError(`the weight of class ${JSON.stringify(name)} is finite and not negative`, { received: factor });
      factors[at] = factor;
    }
  } else {
    throw new RunlabError("classWeight is not one of the known ones", { received: classWeight, allowed: '"balanced", null, or a record such as { late: 5 }' });
  }
  const products = weights.map((weight, i) => weight * factors[labels[i]]);
  checkTotal(products.reduce((sum, each) => sum + each, 0), products.length);
  return products;
}
