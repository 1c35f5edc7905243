/**
 * Many trees on one table, each from a random stream of its own, so that tree i is the same whoever grows it.
 */
import { coresToUse } from "../../kernels/index.js";
import type { RandomStream } from "../../random/index.js";
import type { BinnedTable } from "./binned-table.js";
import { type FixedPoint, fixedPoint } from "./fixed-point.js";
import { growInKernel } from "./forest-kernel.js";
import { type GrowOptions, type GrownTree, growTree } from "./grow.js";
import type { TreeRows } from "./histogram.js";
import { addTrees, leafOf, leafOutputs } from "./predict.js";
import { featureGains, limitLeaves, pruneByCost } from "./prune.js";
import type { Tree } from "./tree.js";

/** What the trees learn: the class of each row, or a quantity. */
export type ForestTarget =
  | { readonly kind: "classes"; readonly labels: Int32Array; readonly classes: number }
  | { readonly kind: "sums"; readonly values: Float64Array };

export interface ForestOptions extends GrowOptions {
  readonly trees: number;
  /** A node whose best cut takes less from the impurity (Gini, or squared error), as a share of the tree's weight, is a leaf. */
  readonly minImpurityDecrease: number;
  /** Draw rows with replacement for each tree; else each tree has all of them. */
  readonly bootstrap: boolean;
  /** How many rows are drawn for a tree, at most as many as there are. */
  readonly draws: number;
  /** Threads; null for all cores. The trees do not depend on it. */
  readonly nJobs: number | null;
  /** "kernel": WebAssembly. "reference": the same trees in plain TypeScript. Null: whichever is sooner done. */
  readonly engine?: "kernel" | "reference" | null;
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

/** Below this many rows times trees the kernel is not worth loading. */
const WORK_FOR_KERNEL = 20_000;
/** Below this many rows times trees a second thread is not worth waking. */
const WORK_FOR_THREADS = 400_000;

/** Whole-number copies of what the trees add up. */
export interface Units {
  readonly weights: FixedPoint;
  /** The largest sum of weights that a tree can have, in units. */
  readonly weightBound: number;
  /** The target less its centre; null for classes. */
  readonly values: FixedPoint | null;
  readonly center: number;
  /** What a squared unit of the target's scale is worth: 1 for classes. */
  readonly squares: number;
}

/**
 * Grows a forest (Breiman, "Random forests", Machine Learning 45, 2001; averaging of class shares as in scikit-learn).
 *
 * @param random the forest's stream; tree i draws from `random.split(i)`.
 * @param onTree is called after each tree.
 */
export function growForest(table: BinnedTable, target: ForestTarget, weights: Float64Array, options: ForestOptions, random: RandomStream, onTree: (done: number) => void = () => {}): Forest {
  const units = unitsOf(target, weights, options);
  const trees: Tree[] = [];
  const importances = new Float64Array(table.features);
  const keep = ({ tree, gains }: GrownTree): void => {
    // Where few rows have weight, a tree may draw none of them: it then says what all rows say.
    const drewNothing = tree.right.length === 1 && tree.leaves.every((sum) => sum === 0);
    trees.push({ ...tree, leaves: drewNothing ? sumsOfAll(target, weights) : leavesInRealUnits(tree, units) });
    addShares(importances, gains);
    onTree(trees.length);
  };
  const work = table.rows * options.trees;
  const engine = options.engine ?? (work < WORK_FOR_KERNEL ? "reference" : "kernel");
  if (engine === "kernel") {
    growInKernel(table, target, units, options, random, work < WORK_FOR_THREADS ? 1 : Math.min(options.trees, coresToUse(options.nJobs)), keep);
  } else {
    const growOptions = { ...options, leastGain: options.minImpurityDecrease * units.squares };
    for (let i = 0; i < options.trees; i++) {
      const own = random.split(i);
      keep(growTree(table, drawRows(table, target, units, options, own), growOptions, own));
    }
  }
  return { trees, classes: target.kind === "classes" ? target.classes : 0, importances: shares(importances) };
}

/** The forest with its trees cut back, and importances of what is left of them. */
export function prunedForest(forest: Forest, features: number, maxLeaves: number | null, alpha: number): Forest {
  if (maxLeaves === null && alpha === 0) return forest;
  const { classes } = forest;
  const importances = new Float64Array(features);
  const trees = forest.trees.map((tree) => {
    const limited = maxLeaves === null ? tree : limitLeaves(tree, classes, maxLeaves);
    const pruned = alpha === 0 ? limited : pruneByCost(limited, classes, alpha);
    addShares(importances, featureGains(pruned, classes, features));
    return pruned;
  });
  return { trees, classes, importances: shares(importances) };
}

/**
 * What the trees that did not draw a row say of it, on average: as from `predictForest`, NaN for rows drawn by all.
 *
 * @param random the stream that the forest was grown from.
 */
export function outOfBag(forest: Forest, table: BinnedTable, options: ForestOptions, random: RandomStream): Float64Array {
  const width = forest.classes === 0 ? 1 : forest.classes;
  const out = new Float64Array(table.rows * width);
  const voters = new Int32Array(table.rows);
  forest.trees.forEach((tree, i) => {
    const times = drawTimes(table.rows, options, random.split(i));
    const outputs = leafOutputs(tree, forest.classes);
    for (let row = 0; row < table.rows; row++) {
      if (times[row] > 0) continue;
      const leaf = leafOf(tree, table, row) * width;
      for (let k = 0; k < width; k++) out[row * width + k] += outputs[leaf + k];
      voters[row]++;
    }
  });
  for (let i = 0; i < out.length; i++) out[i] /= voters[Math.floor(i / width)];
  return out;
}

/** The mean of all trees' predictions: `classes` numbers a row, or one for a quantity. */
export function predictForest(forest: Forest, table: BinnedTable, nJobs: number | null = null): Float64Array {
  const width = forest.classes === 0 ? 1 : forest.classes;
  const out = new Float64Array(table.rows * width);
  addTrees({ trees: forest.trees, outputs: (t) => leafOutputs(forest.trees[t], forest.classes), width }, table, out, nJobs);
  for (let i = 0; i < out.length; i++) out[i] /= forest.trees.length;
  return out;
}

function unitsOf(target: ForestTarget, weights: Float64Array, { bootstrap }: ForestOptions): Units {
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
  if (target.kind === "classes") {
    const bound = largestSum(weights);
    return { weights: fixedPoint(weights, bound), weightBound: bound, values: null, center: 0, squares: 1 };
  }
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
  const values = fixedPoint(centered, bound);
  return { weights: weightUnits, weightBound: largestSum(weightUnits.units), values, center, squares: values.scale * values.scale };
}

/** How often each row is drawn for a tree: the first that its stream is used for. */
export function drawTimes(rows: number, options: { bootstrap: boolean; draws: number }, random: RandomStream): Uint8Array {
  const times = new Uint8Array(rows);
  if (!options.bootstrap) return times.fill(1);
  // More than 255 times, with no more draws than rows, has a chance below 1e-500.
  for (let i = 0; i < options.draws; i++) times[random.int(rows)]++;
  return times;
}

/** The rows of one tree: those drawn, each once, with its weight times the number of times it was drawn. */
function drawRows(table: BinnedTable, target: ForestTarget, units: Units, options: ForestOptions, random: RandomStream): TreeRows {
  const { rows, rowStep } = table;
  const weight = units.weights.units;
  const times = drawTimes(rows, options, random);
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

/** The leaf of a tree that is one leaf and holds every row. */
function sumsOfAll(target: ForestTarget, weights: Float64Array): Float64Array {
  const sums = new Float64Array(target.kind === "classes" ? target.classes : 2);
  for (let i = 0; i < weights.length; i++) {
    if (target.kind === "classes") sums[target.labels[i]] += weights[i];
    else {
      sums[0] += weights[i] * target.values[i];
      sums[1] += weights[i];
    }
  }
  return sums;
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

function shares(importances: Float64Array): Float64Array {
  const total = importances.reduce((sum, value) => sum + value, 0);
  return total > 0 ? importances.map((value) => value / total) : importances;
}
