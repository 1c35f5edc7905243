/**
 * The best cut of a node, found in the histograms of its features.
 *
 * A cut is judged by `sum(left)^2 / weight(left) + sum(right)^2 / weight(right)`, summed over the classes: the larger
 * it is, the smaller the Gini impurity or the squared error that remains. Missing values are tried on both sides.
 */
import { MISSING_BIN } from "./bins.js";

/** What a node's rows add up to. */
export interface NodeTotals {
  /** One number a channel, as in a histogram. */
  readonly sums: Float64Array;
  readonly weight: number;
  /** Distinct rows. */
  readonly rows: number;
}

/**
 * Looks through one histogram after another and keeps the best cut. Reused for all nodes of a tree: `begin`, then
 * `look` for each feature, then the public fields.
 *
 * Of equally good cuts the first one seen stays.
 */
export class SplitSearch {
  /** Negative infinity while there is no valid cut. */
  gain = -Infinity;
  feature = -1;
  bin = 0;
  missingLeft = false;
  /** Sums of the left side of the best cut. */
  readonly left: Float64Array;
  readonly #classes: number;
  readonly #channels: number;
  readonly #leastRows: number;
  readonly #counted: boolean;
  readonly #trial: Float64Array;
  #totals: NodeTotals = { sums: new Float64Array(0), weight: 0, rows: 0 };

  /** @param classes number of classes, 0 for a quantity. */
  constructor(classes: number, channels: number, leastRows: number) {
    this.#classes = classes;
    this.#channels = channels;
    this.#leastRows = leastRows;
    this.#counted = leastRows > 1;
    this.left = new Float64Array(channels);
    this.#trial = new Float64Array(channels);
  }

  begin(totals: NodeTotals): void {
    this.gain = -Infinity;
    this.feature = -1;
    this.#totals = totals;
  }

  /**
   * Tries every cut of one feature.
   *
   * @param occupied the bins that hold rows, ascending, the missing bin last; `count` of them.
   * @param lastBin the last bin in use: a cut that leaves only missing values on the right is put there.
   */
  look(feature: number, histogram: Float64Array, base: number, occupied: Int32Array, count: number, lastBin: number): void {
    const missing = count > 0 && occupied[count - 1] === MISSING_BIN;
    const values = missing ? count - 1 : count;
    if (values === 0) return;
    this.#scan(feature, histogram, base, occupied, values, lastBin, missing, false);
    if (missing) this.#scan(feature, histogram, base, occupied, values, lastBin, missing, true);
  }

  #scan(feature: number, histogram: Float64Array, base: number, occupied: Int32Array, values: number, lastBin: number, missing: boolean, missingLeft: boolean): void {
    // With missing values on the right, all values may be on the left; else one of them must stay on the right.
    const cuts = missing && !missingLeft ? values : values - 1;
    if (cuts <= 0) return;
    const before = this.gain;
    let at: number;
    if (this.#classes === 0) at = this.#scanSums(histogram, base, occupied, cuts, missingLeft);
    else if (this.#classes === 2) at = this.#scanTwoClasses(histogram, base, occupied, cuts, missingLeft);
    else at = this.#scanClasses(histogram, base, occupied, cuts, missingLeft);
    if (at < 0 || this.gain === before) return;
    this.feature = feature;
    // Half-way between the neighbours that the node has, as for values: rows to come may fall between them.
    this.bin = at + 1 < values ? (occupied[at] + occupied[at + 1]) >> 1 : lastBin;
    this.missingLeft = missingLeft;
    if (!missing) {
      // Never seen here: a missing value goes with the majority.
      this.missingLeft = 2 * this.leftWeight() >= this.#totals.weight;
    }
  }

  /** Weight on the left side of the best cut. */
  leftWeight(): number {
    if (this.#classes === 0) return this.left[1];
    let weight = 0;
    for (let k = 0; k < this.#classes; k++) weight += this.left[k];
    return weight;
  }

  #scanSums(histogram: Float64Array, base: number, occupied: Int32Array, cuts: number, missingLeft: boolean): number {
    const channels = this.#channels;
    const counted = this.#counted;
    const least = this.#leastRows;
    const { sums, weight: total, rows } = this.#totals;
    const sum = sums[0];
    const start = base + MISSING_BIN * channels;
    let leftSum = missingLeft ? histogram[start] : 0;
    let leftWeight = missingLeft ? histogram[start + 1] : 0;
    let leftRows = missingLeft && counted ? histogram[start + 2] : 0;
    let best = this.gain;
    let bestAt = -1;
    for (let i = 0; i < cuts; i++) {
      const at = base + occupied[i] * channels;
      leftSum += histogram[at];
      leftWeight += histogram[at + 1];
      if (counted) {
        leftRows += histogram[at + 2];
        if (leftRows < least) continue;
        if (rows - leftRows < least) break;
      }
      const rightSum = sum - leftSum;
      const gain = (leftSum * leftSum) / leftWeight + (rightSum * rightSum) / (total - leftWeight);
      if (gain > best) {
        best = gain;
        bestAt = i;
        this.left[0] = leftSum;
        this.left[1] = leftWeight;
        if (counted) this.left[2] = leftRows;
      }
    }
    this.gain = best;
    return bestAt;
  }

  #scanTwoClasses(histogram: Float64Array, base: number, occupied: Int32Array, cuts: number, missingLeft: boolean): number {
    const channels = this.#channels;
    const counted = this.#counted;
    const least = this.#leastRows;
    const { sums, weight: total, rows } = this.#totals;
    const sum0 = sums[0];
    const sum1 = sums[1];
    const start = base + MISSING_BIN * channels;
    let left0 = missingLeft ? histogram[start] : 0;
    let left1 = missingLeft ? histogram[start + 1] : 0;
    let leftRows = missingLeft && counted ? histogram[start + 2] : 0;
    let best = this.gain;
    let bestAt = -1;
    for (let i = 0; i < cuts; i++) {
      const at = base + occupied[i] * channels;
      left0 += histogram[at];
      left1 += histogram[at + 1];
      if (counted) {
        leftRows += histogram[at + 2];
        if (leftRows < least) continue;
        if (rows - leftRows < least) break;
      }
      const leftWeight = left0 + left1;
      const right0 = sum0 - left0;
      const right1 = sum1 - left1;
      const gain = (left0 * left0 + left1 * left1) / leftWeight + (right0 * right0 + right1 * right1) / (total - leftWeight);
      if (gain > best) {
        best = gain;
        bestAt = i;
        this.left[0] = left0;
        this.left[1] = left1;
        if (counted) this.left[2] = leftRows;
      }
    }
    this.gain = best;
    return bestAt;
  }

  #scanClasses(histogram: Float64Array, base: number, occupied: Int32Array, cuts: number, missingLeft: boolean): number {
    const channels = this.#channels;
    const classes = this.#classes;
    const counted = this.#counted;
    const least = this.#leastRows;
    const { sums, weight: total, rows } = this.#totals;
    const left = this.#trial;
    const start = base + MISSING_BIN * channels;
    for (let c = 0; c < channels; c++) left[c] = missingLeft ? histogram[start + c] : 0;
    let best = this.gain;
    let bestAt = -1;
    for (let i = 0; i < cuts; i++) {
      const at = base + occupied[i] * channels;
      for (let c = 0; c < channels; c++) left[c] += histogram[at + c];
      if (counted) {
        if (left[classes] < least) continue;
        if (rows - left[classes] < least) break;
      }
      let leftWeight = 0;
      let leftSquares = 0;
      let rightSquares = 0;
      for (let k = 0; k < classes; k++) {
        const mine = left[k];
        const other = sums[k] - mine;
        leftWeight += mine;
        leftSquares += mine * mine;
        rightSquares += other * other;
      }
      const gain = leftSquares / leftWeight + rightSquares / (total - leftWeight);
      if (gain > best) {
        best = gain;
        bestAt = i;
        for (let c = 0; c < channels; c++) this.left[c] = left[c];
      }
    }
    this.gain = best;
    return bestAt;
  }
}
