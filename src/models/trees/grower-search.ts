/**
 * The best cut of one node, as the reference grower finds it.
 *
 * Everything is in whole-number units: a gradient of 1 is `gradientScale` units. Both scales are powers of two, so that
 * a comparison in units is the comparison of the real numbers. Of equally good cuts the first one stays: features in
 * order, missing values on the right before missing values on the left, bins ascending.
 */
import type { BoostBins } from "./boost-bins.js";
import { MISSING_BIN } from "./bins.js";
import type { GrowerOptions } from "./grower.js";

/** Options in the units of one tree. */
export interface SearchUnits {
  readonly lambda: number;
  readonly lambdaL1: number;
  readonly maxDelta: number;
  readonly minGain: number;
  readonly minHessian: number;
  readonly catLambda: number;
  readonly catSmooth: number;
}

export function searchUnits(options: GrowerOptions, gradientScale: number, hessianScale: number): SearchUnits {
  return {
    lambda: options.lambdaL2 * hessianScale,
    lambdaL1: options.lambdaL1 * gradientScale,
    maxDelta: options.maxDeltaStep > 0 ? (options.maxDeltaStep * gradientScale) / hessianScale : Infinity,
    minGain: (Math.max(0, options.minSplitGain) * gradientScale * gradientScale) / hessianScale,
    minHessian: options.minChildWeight * hessianScale,
    catLambda: options.catL2 * hessianScale,
    catSmooth: options.catSmooth * hessianScale,
  };
}

/** What a node's rows add up to, and what its value may be. */
export interface NodeState {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
  /** Bounds of the value, by monotone cuts above, in units. */
  readonly low: number;
  readonly high: number;
  /** What is added to the hessian of the node's own value: `lambda`, and more below a set. */
  readonly lambda: number;
}

/** A cut, with the sums of its left side. */
export interface Cut {
  feature: number;
  /** Last bin on the left; 0 for a set. */
  bin: number;
  missingLeft: boolean;
  /** 256 bytes, 1 for the bins on the left; null for a threshold. */
  set: Uint8Array | null;
  gradient: number;
  hessian: number;
  /** In units of squared gradients by hessians, what the node had before not yet taken off. */
  score: number;
  /** `score` less the node's own. */
  gain: number;
  lambda: number;
}

/** A cut that gains less than this share of what is there gains nothing but rounding. */
export const NOISE = 1 / 1099511627776;

export class CutSearch {
  readonly #options: GrowerOptions;
  readonly #bins: BoostBins;
  readonly #units: SearchUnits;
  readonly #plain: boolean;

  constructor(bins: BoostBins, options: GrowerOptions, units: SearchUnits) {
    this.#bins = bins;
    this.#options = options;
    this.#units = units;
    this.#plain = options.lambdaL1 === 0 && options.maxDeltaStep === 0 && options.monotone === null;
  }

  /** Hessian that each side of a cut must have. */
  leastHessian(node: NodeState): number {
    const byRows = ((this.#options.minChildSamples - 0.5) * node.hessian) / node.rows;
    return Math.max(1, Math.ceil(this.#units.minHessian), Math.ceil(byRows));
  }

  /** True when both sides of some cut could be large enough. */
  divisible(node: NodeState): boolean {
    return node.rows > 1 && node.hessian >= 2 * this.leastHessian(node);
  }

  #pull(gradient: number): number {
    const size = Math.abs(gradient) - this.#units.lambdaL1;
    return size <= 0 ? 0 : gradient < 0 ? -size : size;
  }

  /** The value of a leaf in units. */
  value(gradient: number, hessian: number, lambda: number, low: number, high: number): number {
    const weight = hessian + lambda;
    if (!(weight > 0)) return 0;
    const { maxDelta } = this.#units;
    const free = -this.#pull(gradient) / weight;
    return Math.min(Math.max(Math.min(Math.max(free, -maxDelta), maxDelta), low), high);
  }

  /** What a side gains for itself. */
  #sideScore(gradient: number, hessian: number, lambda: number, low: number, high: number): number {
    const pull = this.#pull(gradient);
    const value = this.value(gradient, hessian, lambda, low, high);
    return -(2 * pull * value + (hessian + lambda) * value * value);
  }

  nodeScore({ gradient, hessian, low, high, lambda }: NodeState): number {
    if (this.#plain) return (gradient * gradient) / (hessian + lambda);
    return this.#sideScore(gradient, hessian, lambda, low, high);
  }

  /** The best cut among the features in `allowed` (null: all); null when none gains enough. */
  find(node: NodeState, gradients: Float64Array, hessians: Float64Array, allowed: Uint8Array | null): Cut | null {
    if (!this.divisible(node)) return null;
    const before = this.nodeScore(node);
    const least = before + Math.abs(before) * NOISE + this.#units.minGain;
    const best: Cut = { feature: -1, bin: 0, missingLeft: false, set: null, gradient: 0, hessian: 0, score: least, gain: 0, lambda: this.#units.lambda };
    for (let f = 0; f < this.#bins.features.length; f++) {
      if (allowed !== null && allowed[f] === 0) continue;
      const own = { g: gradients.subarray(256 * f, 256 * f + 256), h: hessians.subarray(256 * f, 256 * f + 256) };
      if (this.#bins.features[f].kind === "category") this.#lookAtSets(f, node, own.g, own.h, best);
      else this.#lookAtCuts(f, node, own.g, own.h, best);
    }
    if (best.feature < 0) return null;
    best.gain = best.score - before;
    return best;
  }

  #lookAtCuts(f: number, node: NodeState, g: Float64Array, h: Float64Array, best: Cut): void {
    const missing = g[MISSING_BIN] !== 0 || h[MISSING_BIN] !== 0;
    this.#scan(f, node, g, h, best, false, missing);
    if (missing) this.#scan(f, node, g, h, best, true, missing);
  }

  #scan(f: number, node: NodeState, g: Float64Array, h: Float64Array, best: Cut, missingLeft: boolean, missing: boolean): void {
    const count = this.#bins.counts[f];
    const least = this.leastHessian(node);
    let gl = missingLeft ? g[MISSING_BIN] : 0;
    let hl = missingLeft ? h[MISSING_BIN] : 0;
    for (let bin = 0; bin < count; bin++) {
      // Nothing moves over with an empty bin.
      if (g[bin] === 0 && h[bin] === 0) continue;
      gl += g[bin];
      hl += h[bin];
      if (hl < least) continue;
      if (node.hessian - hl < least) break;
      if (!this.#better(f, node, gl, hl, this.#units.lambda, best)) continue;
      best.feature = f;
      best.bin = bin;
      best.set = null;
      // Where nothing is missing, what will be goes with most of the rows.
      best.missingLeft = missing ? missingLeft : 2 * hl >= node.hessian;
    }
  }

  /** Takes a cut when it is better, all but its place. */
  #better(f: number, node: NodeState, gl: number, hl: number, lambda: number, best: Cut): boolean {
    const gr = node.gradient - gl;
    const hr = node.hessian - hl;
    let score: number;
    if (this.#plain) {
      // Products instead of quotients: most cuts are no better, and are told so without a division.
      const wl = hl + lambda;
      const wr = hr + lambda;
      const top = gl * gl * wr + gr * gr * wl;
      const bottom = wl * wr;
      if (!(top > best.score * bottom)) return false;
      score = top / bottom;
    } else {
      const { low, high } = node;
      const direction = this.#options.monotone === null ? 0 : this.#options.monotone[f];
      if (direction !== 0) {
        const vl = this.value(gl, hl, lambda, low, high);
        const vr = this.value(gr, hr, lambda, low, high);
        if (direction > 0 ? vl > vr : vl < vr) return false;
      }
      score = this.#sideScore(gl, hl, lambda, low, high) + this.#sideScore(gr, hr, lambda, low, high);
      if (!(score > best.score)) return false;
    }
    best.score = score;
    best.gradient = gl;
    best.hessian = hl;
    best.lambda = lambda;
    return true;
  }

  /** Fisher's order of categories by mean gradient, tried from both ends; or one category against the rest. */
  #lookAtSets(f: number, node: NodeState, g: Float64Array, h: Float64Array, best: Cut): void {
    const { maxCatToOneHot, maxCatThreshold, minDataPerGroup, growth, catSmooth } = this.#options;
    const least = this.leastHessian(node);
    const used: number[] = [];
    const bins = [...Array(this.#bins.counts[f]).keys(), MISSING_BIN];
    for (const bin of bins) if (g[bin] !== 0 || h[bin] !== 0) used.push(bin);
    if (growth === "symmetric" || this.#bins.counts[f] <= maxCatToOneHot) {
      for (const bin of used) {
        if (h[bin] < least || node.hessian - h[bin] < least) continue;
        if (this.#better(f, node, g[bin], h[bin], this.#units.lambda, best)) this.#takeSet(f, [bin], best);
      }
      return;
    }
    const rowsOf = (hessian: number): number => (hessian * node.rows) / node.hessian;
    const order = used.filter((bin) => rowsOf(h[bin]) >= catSmooth);
    const mean = (bin: number): number => g[bin] / (h[bin] + this.#units.catSmooth);
    order.sort((a, b) => mean(a) - mean(b) || a - b);
    const lambda = this.#units.lambda + this.#units.catLambda;
    const most = Math.min(maxCatThreshold, (order.length + 1) >> 1);
    for (const backwards of [false, true]) {
      let gl = 0;
      let hl = 0;
      let group = 0;
      for (let i = 0; i < most; i++) {
        const bin = order[backwards ? order.length - 1 - i : i];
        gl += g[bin];
        hl += h[bin];
        group += h[bin];
        if (hl < least) continue;
        const hr = node.hessian - hl;
        if (hr < least || rowsOf(hr) < minDataPerGroup) break;
        if (rowsOf(group) < minDataPerGroup) continue;
        group = 0;
        if (!this.#better(f, node, gl, hl, lambda, best)) continue;
        this.#takeSet(f, backwards ? order.slice(order.length - 1 - i) : order.slice(0, i + 1), best);
      }
    }
  }

  #takeSet(f: number, bins: readonly number[], best: Cut): void {
    const set = new Uint8Array(256);
    for (const bin of bins) set[bin] = 1;
    best.feature = f;
    best.bin = 0;
    best.set = set;
    best.missingLeft = set[MISSING_BIN] === 1;
  }

  /** Adds to `scores`, 512 a feature (256 with missing values on the right, then on the left), what each cut gains for a node: symmetric growth. */
  addScores(node: NodeState, gradients: Float64Array, hessians: Float64Array, allowed: Uint8Array | null, scores: Float64Array): void {
    const before = this.nodeScore(node);
    const divisible = this.divisible(node);
    const least = this.leastHessian(node);
    for (let f = 0; f < this.#bins.features.length; f++) {
      if (!divisible || (allowed !== null && allowed[f] === 0)) continue;
      const g = gradients.subarray(256 * f, 256 * f + 256);
      const h = hessians.subarray(256 * f, 256 * f + 256);
      const sets = this.#bins.features[f].kind === "category";
      const missing = !sets && this.#bins.missing[f] === 1;
      for (let side = 0; side < (missing ? 2 : 1); side++) {
        let gl = side === 1 ? g[MISSING_BIN] : 0;
        let hl = side === 1 ? h[MISSING_BIN] : 0;
        for (let step = 0; step <= this.#bins.counts[f]; step++) {
          const bin = step < this.#bins.counts[f] ? step : MISSING_BIN;
          if (bin === MISSING_BIN && !sets) break;
          gl = sets ? g[bin] : gl + g[bin];
          hl = sets ? h[bin] : hl + h[bin];
          if (hl < least || node.hessian - hl < least) continue;
          scores[512 * f + 256 * side + bin] += this.#bothSides(f, node, gl, hl) - before;
        }
      }
    }
  }

  /** Least gain of a symmetric level whose nodes have `before` between them. */
  leastGain(before: number): number {
    return before * NOISE + this.#units.minGain;
  }

  /** What a cut with these sums on its left gains for one node of a level. */
  gainOf(node: NodeState, f: number, gradient: number, hessian: number): number {
    const least = this.leastHessian(node);
    if (!this.divisible(node) || hessian < least || node.hessian - hessian < least) return 0;
    return this.#bothSides(f, node, gradient, hessian) - this.nodeScore(node);
  }

  #bothSides(f: number, node: NodeState, gl: number, hl: number): number {
    const { lambda } = this.#units;
    const gr = node.gradient - gl;
    const hr = node.hessian - hl;
    if (this.#plain) return (gl * gl) / (hl + lambda) + (gr * gr) / (hr + lambda);
    const { low, high } = node;
    const direction = this.#options.monotone === null ? 0 : this.#options.monotone[f];
    if (direction !== 0) {
      const vl = this.value(gl, hl, lambda, low, high);
      const vr = this.value(gr, hr, lambda, low, high);
      if (direction > 0 ? vl > vr : vl < vr) return -Infinity;
    }
    return this.#sideScore(gl, hl, lambda, low, high) + this.#sideScore(gr, hr, lambda, low, high);
  }
}
