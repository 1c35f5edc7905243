/**
 * Many trees on one table, each from a random stream of its own, so that tree i is the same whoever grows it.
 */
import type { RandomStream } from "../../random/index.js";
import type { BinnedTable } from "./binned-table.js";
import { type FixedPoint, fixedPoint } from "./fixed-point.js";
import { type GrowOptions, growTree } from "./grow.js";
import type { TreeRows } from "./histogram.js";
import { addTree, leafOutputs } from "./predict.js";
import type { Tree } from "./tree.js";

/** What the trees learn: the class of each row, or a quantity. */
export type ForestTarget =
  | { readonly kind: "classes"; readonly labels: Int32Array; readonly classes: number }
  | { readonly kind: "sums"; readonly values: Float64Array };

export interface ForestOptions extends GrowOptions {
  readonly trees: number;
  /** Draw as many rows as there are, with replacement, for each tree. */
  readonly bootstrap: boolean;
}

export interface Forest {
  readonly trees: readonly Tree[];
  /** 0 for a quantity. */
  readonly classes: number;
  /** Per feature the mean over trees of its share in what all cuts gained; sums to 1 unless no tree has a cut. */
  readonly importances: Float64Array;
}

/** Bits for weights that are no whole numbers when a target has to share a sum's bits with them. */
const WEIGHT_BITS = 31;

/** Whole-number copies of what the trees add up. */
interface Units {
  readonly weights: FixedPoint;
  /** The target less its centre; null for classes. */
  readonly values: FixedPoint | null;
  readonly center: number;
}

/**
 * Grows a forest (Breiman, "Random forests", Machine Learning 45, 2001; averaging of class shares as in scikit-learn).
 *
 * @param random the forest's stream; tree i draws from `random.split(i)`.
 * @param onTree is called after each tree.
 */
export function growForest(table: BinnedTable, target: ForestTarget, weights: Float64Array, options: ForestOptions, random: RandomStream, onTree: (done: number) => void = () => {}): Forest {
  const units = unitsOf(target, weights, options.bootstrap);
  const trees: Tree[] = [];
  const importances = new Float64Array(table.features);
  for (let i = 0; i < options.trees; i++) {
    const own = random.split(i);
    const rows = drawRows(table, target, units, options.bootstrap, own);
    const { tree, gains } = growTree(table, rows, options, own);
    trees.push({ ...tree, leaves: leavesInRealUnits(tree, units) });
    addShares(importances, gains);
    onTree(i + 1);
  }
  const total = importances.reduce((sum, value) => sum + value, 0);
  if (total > 0) for (let f = 0; f < importances.length; f++) importances[f] /= total;
  return { trees, classes: target.kind === "classes" ? target.classes : 0, importances };
}

/** The mean of all trees' predictions: `classes` numbers a row, or one for a quantity. */
export function predictForest(forest: Forest, table: BinnedTable): Float64Array {
  const width = forest.classes === 0 ? 1 : forest.classes;
  const out = new Float64Array(table.rows * width);
  for (const tree of forest.trees) addTree(tree, leafOutputs(tree, forest.classes), width, table, out);
  for (let i = 0; i < out.length; i++) out[i] /= forest.trees.length;
  return out;
}

function unitsOf(target: ForestTarget, weights: Float64Array, bootstrap: boolean): Units {
  const largestSum = (values: Float64Array): number => {
    let total = 0;
    let largest = 0;
    for (let i = 0; i < values.length; i++) {
      const size = Math.abs(values[i]);
      total += size;
      if (size > largest) largest = size;
    }
    // A bootstrap draws as many rows as there are: at worst the largest one each time.
    return bootstrap ? largest * values.length : total;
  };
  if (target.kind === "classes") return { weights: fixedPoint(weights, largestSum(weights)), values: null, center: 0 };
  const weightUnits = fixedPoint(weights, largestSum(weights), WEIGHT_BITS);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] * target.values[i];
    weight += weights[i];
  }
  const center = sum / weight;
  const centered = target.values.map((value) => value - center);
  const bound = largestSum(centered.map((value, i) => value * weightUnits.units[i]));
  return { weights: weightUnits, values: fixedPoint(centered, bound), center };
}

/** The rows of one tree: those drawn, each once, with its weight times the number of times it was drawn. */
function drawRows(table: BinnedTable, target: ForestTarget, units: Units, bootstrap: boolean, random: RandomStream): TreeRows {
  const { rows, rowStep } = table;
  const weight = units.weights.units;
  const times = new Uint32Array(rows);
  if (bootstrap) for (let i = 0; i < rows; i++) times[random.int(rows)]++;
  else times.fill(1);
  let count = 0;
  for (let row = 0; row < rows; row++) if (times[row] > 0 && weight[row] > 0) count++;
  const offsets = new Int32Array(count);
  const weights = new Float64Array(count);
  const labels = target.kind === "classes" ? new Int32Array(count) : null;
  const values = units.values === null ? null : new Float64Array(count);
  for (let row = 0, p = 0; row < rows; row++) {
    if (times[row] === 0 || !(weight[row] > 0)) continue;
    offsets[p] = row * rowStep;
    weights[p] = times[row] * weight[row];
    if (labels !== null) labels[p] = (target as { labels: Int32Array }).labels[row];
    if (values !== null) values[p] = units.values!.units[row];
    p++;
  }
  return { offsets, weights, labels, values };
}

function leavesInRealUnits(tree: Tree, units: Units): Float64Array {
  const { leaves, channels } = tree;
  const scale = units.weights.scale;
  if (units.values === null) return leaves.map((units) => units / scale);
  const real = new Float64Array(leaves.length);
  for (let at = 0; at < leaves.length; at += channels) {
    const weight = leaves[at + 1] / scale;
    real[at] = leaves[at] / units.values.scale / scale + units.center * weight;
    real[at + 1] = weight;
  }
  return real;
}

function addShares(importances: Float64Array, gains: Float64Array): void {
  let total = 0;
  for (let f = 0; f < gains.length; f++) total += gains[f];
  if (!(total > 0)) return;
  for (let f = 0; f < gains.length; f++) importances[f] += gains[f] / total;
}
