/**
 * Growing one tree, depth first, on a binned table.
 *
 * Every sum is over whole numbers (see `fixed-point`), so a tree depends on its rows, weights, options and random
 * stream alone: not on the order of rows, nor on whether a histogram was added up or subtracted.
 *
 * Sources: Breiman, Friedman, Olshen and Stone, "Classification and Regression Trees" (1984); histograms and their
 * subtraction as in Ke et al., "LightGBM" (NIPS 2017).
 */
import type { RandomStream } from "../../random/index.js";
import type { BinnedTable } from "./binned-table.js";
import { MISSING_BIN } from "./bins.js";
import { HISTOGRAM_BINS, type TreeRows, addRows, binMask, clearBins, markBins, occupiedBins, subtract, takeBins } from "./histogram.js";
import { LeafPalette } from "./leaf-palette.js";
import { partition, partitionRoom } from "./partition.js";
import { SplitSearch } from "./split-search.js";
import { type Tree, packSplit } from "./tree.js";

export interface GrowOptions {
  /** Levels below the root; Infinity for no limit. */
  readonly maxDepth: number;
  /** A node with fewer rows is a leaf. */
  readonly minSamplesSplit: number;
  /** A cut that leaves fewer rows on a side is not made. */
  readonly minSamplesLeaf: number;
  /** Features tried at each node, drawn anew; more are tried when none of them can be cut. */
  readonly maxFeatures: number;
  /** Classes of the target, 0 for a quantity. */
  readonly classes: number;
  /** A node whose best cut gains less than this times the tree's weight is a leaf. Default 0: no bound. */
  readonly leastGain?: number;
  /**
   * For extremely randomised trees (Geurts, Ernst and Wehenkel 2006): a feature is cut at one place, drawn evenly between
   * the least and the largest value in the node, and the best of the drawn features' cuts is taken. Holds the value that
   * stands for each bin, 256 a feature. Default null: the best of all cuts.
   */
  readonly cutPoints?: Float64Array | null;
}

/** A tree whose leaves hold whole-number sums, with what each feature's cuts gained. */
export interface GrownTree {
  readonly tree: Tree;
  /** Per feature the sum of what its cuts took from the impurity, times weight, in squared units of the sums per weight. */
  readonly gains: Float64Array;
}

/** From this many rows on, a node's histogram of all features is worth keeping for its children. */
const ROWS_TO_SUBTRACT = 512;

/** A node of this many rows per bin in use looks at every bin; a smaller one notes which bins it touches. */
const ROWS_PER_BIN_TO_LOOK_AT_ALL = 0.5;

/** Grows a tree. `rows` is used up: its arrays are reordered. */
export function growTree(table: BinnedTable, rows: TreeRows, options: GrowOptions, random: RandomStream): GrownTree {
  return new Growth(table, rows, options, random).run();
}

/** A node that waits for its turn. */
interface Waiting {
  from: number;
  to: number;
  depth: number;
  /** The node whose right child this is; -1 for a left child, which follows its parent. */
  parent: number;
  sums: Float64Array;
  /** Histograms of all features, when the parent's were kept. */
  histogram: Float64Array | null;
}

class Growth {
  readonly #table: BinnedTable;
  readonly #rows: TreeRows;
  readonly #options: GrowOptions;
  readonly #random: RandomStream;
  readonly #channels: number;
  readonly #counted: boolean;
  readonly #search: SplitSearch;
  readonly #palette: LeafPalette;
  readonly #gains: Float64Array;
  readonly #order: Int32Array;
  readonly #occupied = new Int32Array(HISTOGRAM_BINS);
  readonly #mask = binMask();
  /** One feature's histogram, all zero between uses. */
  readonly #scratch: Float64Array;
  /** Histograms of all features, for reuse. */
  readonly #spare: Float64Array[] = [];
  readonly #subtracts: boolean;
  readonly #cutPoints: Float64Array | null;
  #right = new Int32Array(1024);
  #split = new Int32Array(1024);
  #nodes = 0;

  constructor(table: BinnedTable, rows: TreeRows, options: GrowOptions, random: RandomStream) {
    this.#table = table;
    this.#rows = rows;
    this.#options = options;
    this.#random = random;
    this.#cutPoints = options.cutPoints ?? null;
    this.#counted = options.minSamplesLeaf > 1;
    this.#channels = (options.classes === 0 ? 2 : options.classes) + (this.#counted ? 1 : 0);
    this.#search = new SplitSearch(options.classes, this.#channels, options.minSamplesLeaf);
    this.#palette = new LeafPalette(options.classes === 0 ? 2 : options.classes);
    this.#gains = new Float64Array(table.features);
    this.#order = Int32Array.from({ length: table.features }, (_, f) => f);
    this.#scratch = new Float64Array(HISTOGRAM_BINS * this.#channels);
    this.#subtracts = options.maxFeatures >= table.features && this.#cutPoints === null;
  }

  run(): GrownTree {
    const room = partitionRoom(this.#rows.offsets.length);
    const sums = this.#sum();
    const leastGain = (this.#options.leastGain ?? 0) * this.#weightOf(sums);
    const waiting: Waiting[] = [{ from: 0, to: this.#rows.offsets.length, depth: 0, parent: -1, sums, histogram: null }];
    for (;;) {
      const node = waiting.pop();
      if (node === undefined) break;
      const id = this.#nextNode();
      if (node.parent >= 0) this.#right[node.parent] = id;
      const weight = this.#weightOf(node.sums);
      if (this.#isLeaf(node, weight) || !this.#findSplit(node, weight) || (leastGain > 0 && this.#search.gain - this.#purity(node.sums, weight) < leastGain)) {
        this.#release(node.histogram);
        this.#right[id] = 0;
        this.#split[id] = this.#palette.add(node.sums);
        continue;
      }
      const { feature, bin, missingLeft, left } = this.#search;
      this.#split[id] = packSplit(feature, bin, missingLeft);
      this.#gains[feature] += this.#search.gain - this.#purity(node.sums, weight);
      const leftSums = left.slice();
      const rightSums = new Float64Array(this.#channels);
      for (let c = 0; c < this.#channels; c++) rightSums[c] = node.sums[c] - leftSums[c];
      const middle = partition(this.#rows, node.from, node.to, this.#table.bins, feature * this.#table.featureStep, bin, missingLeft, room);
      const [leftHistogram, rightHistogram] = this.#childHistograms(node, middle);
      const depth = node.depth + 1;
      waiting.push({ from: middle, to: node.to, depth, parent: id, sums: rightSums, histogram: rightHistogram });
      waiting.push({ from: node.from, to: middle, depth, parent: -1, sums: leftSums, histogram: leftHistogram });
    }
    const { classes } = this.#options;
    const tree = { right: this.#right.slice(0, this.#nodes), split: this.#split.slice(0, this.#nodes), leaves: this.#palette.leaves(), channels: classes === 0 ? 2 : classes };
    return { tree, gains: this.#gains };
  }

  #sum(): Float64Array {
    const { weights, labels, values } = this.#rows;
    const sums = new Float64Array(this.#channels);
    for (let p = 0; p < weights.length; p++) {
      if (labels !== null) sums[labels[p]] += weights[p];
      else {
        sums[0] += weights[p] * values![p];
        sums[1] += weights[p];
      }
    }
    if (this.#counted) sums[this.#channels - 1] = weights.length;
    return sums;
  }

  #weightOf(sums: Float64Array): number {
    const { classes } = this.#options;
    if (classes === 0) return sums[1];
    let weight = 0;
    for (let k = 0; k < classes; k++) weight += sums[k];
    return weight;
  }

  /** The gain formula for the node left whole. */
  #purity(sums: Float64Array, weight: number): number {
    const { classes } = this.#options;
    if (classes === 0) return (sums[0] * sums[0]) / weight;
    let squares = 0;
    for (let k = 0; k < classes; k++) squares += sums[k] * sums[k];
    return squares / weight;
  }

  #isLeaf(node: Waiting, weight: number): boolean {
    const count = node.to - node.from;
    const { maxDepth, minSamplesSplit, minSamplesLeaf, classes } = this.#options;
    if (count < 2 || node.depth >= maxDepth || count < minSamplesSplit || count < 2 * minSamplesLeaf) return true;
    if (classes > 0) {
      for (let k = 0; k < classes; k++) if (node.sums[k] === weight) return true;
      return false;
    }
    const values = this.#rows.values!;
    const first = values[node.from];
    for (let p = node.from + 1; p < node.to; p++) if (values[p] !== first) return false;
    return true;
  }

  /** Tries features until as many as asked for were tried and one of them at least could be cut. */
  #findSplit(node: Waiting, weight: number): boolean {
    const search = this.#search;
    search.begin({ sums: node.sums, weight, rows: node.to - node.from });
    const { features } = this.#table;
    const { maxFeatures } = this.#options;
    const order = this.#order;
    if (this.#subtracts) {
      if (node.histogram === null && node.to - node.from >= ROWS_TO_SUBTRACT) node.histogram = this.#allFeatures(node.from, node.to);
      for (let f = 0; f < features; f++) this.#look(node, f);
      return search.feature >= 0;
    }
    for (let tried = 0, left = features; left > 0 && (tried < maxFeatures || search.feature < 0); tried++) {
      const drawn = this.#random.int(left);
      left--;
      const feature = order[drawn];
      order[drawn] = order[left];
      order[left] = feature;
      if (this.#cutPoints === null) this.#look(node, feature);
      else this.#lookAtRandom(node, feature, this.#cutPoints);
    }
    return search.feature >= 0;
  }

  #look(node: Waiting, feature: number): void {
    const channels = this.#channels;
    const { classes } = this.#options;
    const binsInUse = this.#table.counts[feature];
    const occupied = this.#occupied;
    if (node.histogram !== null) {
      const base = feature * HISTOGRAM_BINS * channels;
      const count = occupiedBins(node.histogram, base, binsInUse, channels, classes, occupied);
      this.#search.look(feature, node.histogram, base, occupied, count, binsInUse - 1);
      return;
    }
    const { from, to } = node;
    const histogram = this.#scratch;
    const start = feature * this.#table.featureStep;
    let count: number;
    if (to - from < ROWS_PER_BIN_TO_LOOK_AT_ALL * binsInUse) {
      markBins(this.#mask, this.#table.bins, start, this.#rows.offsets, from, to);
      count = takeBins(this.#mask, occupied);
      if (count < 2) return;
      addRows(histogram, 0, this.#table.bins, start, this.#rows, from, to, channels, this.#counted);
    } else {
      addRows(histogram, 0, this.#table.bins, start, this.#rows, from, to, channels, this.#counted);
      count = occupiedBins(histogram, 0, binsInUse, channels, classes, occupied);
    }
    this.#search.look(feature, histogram, 0, occupied, count, binsInUse - 1);
    clearBins(histogram, 0, channels, occupied, count);
  }

  /** Tries one cut, drawn between the least and the largest value in the node. */
  #lookAtRandom({ from, to }: Waiting, feature: number, points: Float64Array): void {
    const { bins, featureStep, counts } = this.#table;
    const { offsets } = this.#rows;
    const start = feature * featureStep;
    let least = MISSING_BIN;
    let most = -1;
    let missing = false;
    for (let p = from; p < to; p++) {
      const bin = bins[offsets[p] + start];
      if (bin === MISSING_BIN) missing = true;
      else {
        least = Math.min(least, bin);
        most = Math.max(most, bin);
      }
    }
    if (most < 0 || (least === most && !missing)) return;
    let cut = least;
    if (least < most) {
      const low = points[feature * HISTOGRAM_BINS + least];
      const value = low + ((this.#random.uint32() + 0.5) / 4294967296) * (points[feature * HISTOGRAM_BINS + most] - low);
      while (cut + 1 < most && points[feature * HISTOGRAM_BINS + cut + 1] <= value) cut++;
    }
    // Three bins: what goes left, what goes right, and what is missing.
    const sides = Uint8Array.from({ length: to - from }, (_, i) => {
      const bin = bins[offsets[from + i] + start];
      return bin === MISSING_BIN ? bin : bin <= cut ? cut : cut + 1;
    });
    const occupied = Int32Array.from([cut, ...(least < most ? [cut + 1] : []), ...(missing ? [MISSING_BIN] : [])]);
    const rows = { offsets: Int32Array.from(sides.keys()), weights: this.#rows.weights.subarray(from, to), labels: this.#rows.labels?.subarray(from, to) ?? null, values: this.#rows.values?.subarray(from, to) ?? null };
    addRows(this.#scratch, 0, sides, 0, rows, 0, to - from, this.#channels, this.#counted);
    this.#search.look(feature, this.#scratch, 0, occupied, occupied.length, counts[feature] - 1);
    clearBins(this.#scratch, 0, this.#channels, occupied, occupied.length);
  }

  #childHistograms(node: Waiting, middle: number): [Float64Array | null, Float64Array | null] {
    const parent = node.histogram;
    if (parent === null) return [null, null];
    const leftRows = middle - node.from;
    const rightRows = node.to - middle;
    if (Math.max(leftRows, rightRows) < ROWS_TO_SUBTRACT) {
      this.#release(parent);
      return [null, null];
    }
    const leftIsSmaller = leftRows <= rightRows;
    const smaller = leftIsSmaller ? this.#allFeatures(node.from, middle) : this.#allFeatures(middle, node.to);
    subtract(parent, smaller);
    let kept: Float64Array | null = smaller;
    if (Math.min(leftRows, rightRows) < ROWS_TO_SUBTRACT) {
      this.#release(smaller);
      kept = null;
    }
    return leftIsSmaller ? [kept, parent] : [parent, kept];
  }

  #allFeatures(from: number, to: number): Float64Array {
    const size = HISTOGRAM_BINS * this.#channels;
    const histogram = this.#spare.pop() ?? new Float64Array(size * this.#table.features);
    for (let f = 0; f < this.#table.features; f++) {
      addRows(histogram, f * size, this.#table.bins, f * this.#table.featureStep, this.#rows, from, to, this.#channels, this.#counted);
    }
    return histogram;
  }

  #release(histogram: Float64Array | null): void {
    if (histogram === null) return;
    histogram.fill(0);
    this.#spare.push(histogram);
  }

  #nextNode(): number {
    if (this.#nodes === this.#right.length) {
      const right = new Int32Array(2 * this.#nodes);
      const split = new Int32Array(2 * this.#nodes);
      right.set(this.#right);
      split.set(this.#split);
      this.#right = right;
      this.#split = split;
    }
    return this.#nodes++;
  }
}
