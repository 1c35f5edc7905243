/**
 * The grower in plain TypeScript: the kernels' algorithm written to be read, and what their bits are tested against.
 */
import type { RandomStream } from "../../random/index.js";
import { MISSING_BIN } from "./bins.js";
import type { BoostBins } from "./boost-bins.js";
import { fillByKernel, hasKernel } from "./gradient-kernels.js";
import { GradientScale, SUM_LIMIT } from "./gradient-scale.js";
import { drawMasks, type FeatureMasks } from "./grower-masks.js";
import { assembleTree } from "./grower-nodes.js";
import { type Cut, CutSearch, type NodeState, NOISE, searchUnits } from "./grower-search.js";
import { checkRequest } from "./grower-request.js";
import type { GradientKernel, GrowRequest, GrowerOptions, GrownTree, TreeGrower } from "./grower.js";
import { drawByGradient, drawShare } from "./row-sampling.js";
import { splitBin, splitFeature } from "./tree.js";

/** A node while it grows. */
interface Growing extends NodeState {
  readonly id: number;
  readonly depth: number;
  readonly at: Uint32Array;
  /** Groups of features that hold all features cut above. */
  readonly groups: readonly (readonly number[])[] | null;
  cut: Cut | null;
}

interface NodeLists {
  readonly child: number[];
  readonly feature: number[];
  readonly bin: number[];
  readonly missingLeft: number[];
  readonly set: number[];
  readonly sets: number[];
  readonly rows: number[];
  readonly cover: number[];
  readonly gain: number[];
  readonly value: number[];
}

export function openReferenceGrower(bins: BoostBins, options: GrowerOptions): TreeGrower {
  return new ReferenceGrower(bins, options);
}

class ReferenceGrower implements TreeGrower {
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  readonly scores: Float32Array;
  readonly gradients: Float32Array;
  readonly hessians: Float32Array;
  readonly #bins: BoostBins;
  readonly #options: GrowerOptions;
  readonly #scales: GradientScale[];
  readonly #gradientUnits: Float64Array;
  readonly #hessianUnits: Float64Array;
  #target = new Float32Array(0);
  #weights: Float32Array | null = null;
  #leaves: Int32Array;

  constructor(bins: BoostBins, options: GrowerOptions) {
    this.#bins = bins;
    this.#options = options;
    this.rows = bins.rows;
    this.features = bins.features.length;
    this.outputs = options.outputs;
    this.scores = new Float32Array(this.rows * this.outputs);
    this.gradients = new Float32Array(this.rows * this.outputs);
    this.hessians = new Float32Array(this.rows * this.outputs);
    this.#scales = Array.from({ length: this.outputs }, () => new GradientScale());
    this.#gradientUnits = new Float64Array(this.rows);
    this.#hessianUnits = new Float64Array(this.rows);
    this.#leaves = new Int32Array(this.rows).fill(-1);
  }

  setTarget(target: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#target = Float32Array.from(target);
    this.#weights = weights === null ? null : Float32Array.from(weights);
  }

  fillGradients(kernel: GradientKernel, parameter: number): boolean {
    if (!hasKernel(kernel, this.outputs)) return false;
    fillByKernel(kernel, parameter, this.rows, this.outputs, this.#target, this.#weights, this.scores, this.gradients, this.hessians);
    return true;
  }

  grow(request: GrowRequest): GrownTree {
    checkRequest(request, this.rows, this.outputs);
    const { output, rows, random } = request;
    const scale = this.#quantize(output);
    const units = searchUnits(this.#options, scale.gradient, scale.hessian);
    const search = new CutSearch(this.#bins, this.#options, units);
    const masks = drawMasks(this.features, this.#options, random);
    const all = rows ?? Uint32Array.from({ length: this.rows }, (_, i) => i);
    const root: Growing = { ...this.#sums(all), id: 0, depth: 0, at: all, low: -Infinity, high: Infinity, lambda: units.lambda, groups: this.#options.interactions, cut: null };
    const lists: NodeLists = { child: [], feature: [], bin: [], missingLeft: [], set: [], sets: [], rows: [], cover: [], gain: [], value: [] };
    const valueUnit = scale.hessian / scale.gradient;
    const note = (node: Growing): void => {
      lists.child.push(0);
      lists.feature.push(0);
      lists.bin.push(0);
      lists.missingLeft.push(0);
      lists.set.push(-1);
      lists.rows.push(node.rows);
      lists.cover.push(node.hessian / scale.hessian);
      lists.gain.push(0);
      lists.value.push(search.value(node.gradient, node.hessian, node.lambda, node.low, node.high) * valueUnit);
    };
    note(root);
    const split = (node: Growing, cut: Cut): [Growing, Growing] => {
      const { child } = lists;
      child[node.id] = child.length;
      lists.feature[node.id] = cut.feature;
      lists.bin[node.id] = cut.bin;
      lists.missingLeft[node.id] = cut.missingLeft ? 1 : 0;
      lists.gain[node.id] = (cut.gain * scale.hessian) / (scale.gradient * scale.gradient);
      if (cut.set !== null) {
        lists.set[node.id] = lists.sets.length / 8;
        lists.sets.push(...packSet(cut.set));
      }
      const sides = this.#divide(node, cut, search, child.length);
      sides.forEach(note);
      return sides;
    };
    const leaves = this.#options.growth === "symmetric" ? this.#growLevels(root, search, masks, split) : this.#growLeaves(root, search, masks, split);
    const { tree, leafOf } = assembleTree({
      count: lists.child.length,
      child: Int32Array.from(lists.child),
      feature: Int32Array.from(lists.feature),
      bin: Int32Array.from(lists.bin),
      missingLeft: Int32Array.from(lists.missingLeft),
      set: Int32Array.from(lists.set),
      sets: Uint32Array.from(lists.sets),
      rows: Int32Array.from(lists.rows),
      cover: Float64Array.from(lists.cover),
      gain: Float64Array.from(lists.gain),
      value: Float64Array.from(lists.value),
    });
    this.#leaves.fill(-1);
    for (const leaf of leaves) for (const row of leaf.at) this.#leaves[row] = leafOf[leaf.id];
    return tree;
  }

  #quantize(output: number): GradientScale {
    const from = output * this.rows;
    const g = this.gradients.subarray(from, from + this.rows);
    const h = this.hessians.subarray(from, from + this.rows);
    const largest = (): { gradient: number; hessian: number } => {
      let gradient = 0;
      let hessian = 0;
      for (let i = 0; i < this.rows; i++) {
        gradient = Math.max(gradient, Math.abs(g[i]));
        hessian = Math.max(hessian, h[i]);
      }
      return { gradient, hessian };
    };
    const scale = this.#scales[output];
    scale.apply(this.rows, largest, (gradientScale, hessianScale) => {
      let gradients = 0;
      let hessians = 0;
      for (let i = 0; i < this.rows; i++) {
        this.#gradientUnits[i] = Math.min(Math.max(roundEven(g[i] * gradientScale), -SUM_LIMIT), SUM_LIMIT);
        this.#hessianUnits[i] = Math.min(Math.max(roundEven(h[i] * hessianScale), 0), SUM_LIMIT);
        gradients += Math.abs(this.#gradientUnits[i]);
        hessians += this.#hessianUnits[i];
      }
      return { gradients, hessians };
    });
    return scale;
  }

  #sums(at: Uint32Array): { gradient: number; hessian: number; rows: number } {
    let gradient = 0;
    let hessian = 0;
    for (const row of at) {
      gradient += this.#gradientUnits[row];
      hessian += this.#hessianUnits[row];
    }
    return { gradient, hessian, rows: at.length };
  }

  /** Sums of gradients and of hessians per feature and bin, 256 a feature. */
  #histogram(at: Uint32Array): { g: Float64Array; h: Float64Array } {
    const g = new Float64Array(256 * this.features);
    const h = new Float64Array(256 * this.features);
    for (let f = 0; f < this.features; f++) {
      const column = this.#bins.columns.subarray(f * this.rows, (f + 1) * this.rows);
      for (const row of at) {
        g[256 * f + column[row]] += this.#gradientUnits[row];
        h[256 * f + column[row]] += this.#hessianUnits[row];
      }
    }
    return { g, h };
  }

  #allowed(node: Growing, masks: FeatureMasks): Uint8Array | null {
    if (masks.tree === null && masks.nodes === null && node.groups === null) return null;
    const allowed = new Uint8Array(this.features);
    const row = (this.#options.growth === "symmetric" ? node.depth : node.id) * this.features;
    const grouped = node.groups === null ? null : new Set(node.groups.flat());
    for (let f = 0; f < this.features; f++) {
      const drawn = (masks.tree === null || masks.tree[f] === 1) && (masks.nodes === null || masks.nodes[row + f] === 1);
      allowed[f] = drawn && (grouped === null || grouped.has(f)) ? 1 : 0;
    }
    return allowed;
  }

  #growLeaves(root: Growing, search: CutSearch, masks: FeatureMasks, split: (node: Growing, cut: Cut) => [Growing, Growing]): Growing[] {
    const { maxLeaves, maxDepth, growth } = this.#options;
    const look = (node: Growing): void => {
      if (node.depth >= maxDepth || !search.divisible(node)) return;
      const { g, h } = this.#histogram(node.at);
      node.cut = search.find(node, g, h, this.#allowed(node, masks));
    };
    const leaves = [root];
    if (maxLeaves > 1) look(root);
    while (leaves.length < maxLeaves) {
      let next = -1;
      for (let i = 0; i < leaves.length; i++) {
        const { cut, depth } = leaves[i];
        if (cut === null) continue;
        const best = next < 0 ? null : leaves[next];
        const sooner = best !== null && growth === "depthwise" && depth !== best.depth ? depth < best.depth : best === null || cut.gain > best.cut!.gain;
        if (sooner) next = i;
      }
      if (next < 0) break;
      const [left, right] = split(leaves[next], leaves[next].cut!);
      leaves[next] = left;
      leaves.push(right);
      if (leaves.length < maxLeaves) {
        look(left);
        look(right);
      }
    }
    return leaves;
  }

  #growLevels(root: Growing, search: CutSearch, masks: FeatureMasks, split: (node: Growing, cut: Cut) => [Growing, Growing]): Growing[] {
    const { maxLeaves, maxDepth } = this.#options;
    let leaves = [root];
    for (let depth = 0; depth < maxDepth && 2 * leaves.length <= maxLeaves; depth++) {
      const scores = new Float64Array(512 * this.features);
      let before = 0;
      const histograms = leaves.map((leaf) => this.#histogram(leaf.at));
      const allowed = this.#allowed(leaves[0], masks);
      leaves.forEach((leaf, i) => {
        if (leaf.rows > 0) before += Math.abs(search.nodeScore(leaf));
        search.addScores(leaf, histograms[i].g, histograms[i].h, allowed, scores);
      });
      const place = this.#bestOfLevel(scores, search.leastGain(before), allowed);
      if (place < 0) break;
      const feature = place >> 9;
      const bin = place & 255;
      const set = this.#bins.features[feature].kind === "category" ? new Uint8Array(256) : null;
      if (set !== null) set[bin] = 1;
      const sides = leaves.map((leaf, i) => this.#sideSums(feature, bin, set, histograms[i]));
      const hessian = sides.reduce((sum, side) => sum + side.hessian, 0);
      const total = leaves.reduce((sum, leaf) => sum + leaf.hessian, 0);
      const missingLeft = set !== null ? set[MISSING_BIN] === 1 : this.#bins.missing[feature] === 1 ? (place & 256) !== 0 : 2 * hessian >= total;
      leaves = leaves.flatMap((leaf, i) => {
        const missing = missingLeft && set === null ? MISSING_BIN : -1;
        const gradient = sides[i].gradient + (missing < 0 ? 0 : histograms[i].g[256 * feature + missing]);
        const withMissing = sides[i].hessian + (missing < 0 ? 0 : histograms[i].h[256 * feature + missing]);
        const gain = search.gainOf(leaf, feature, gradient, withMissing);
        return split(leaf, { feature, bin: set === null ? bin : 0, missingLeft, set, gradient, hessian: withMissing, score: 0, gain, lambda: leaf.lambda });
      });
    }
    return leaves;
  }

  /** Feature times 512, 256 for missing on the left, and the bin; -1 when no cut gains enough. */
  #bestOfLevel(scores: Float64Array, least: number, allowed: Uint8Array | null): number {
    let best = least;
    let place = -1;
    for (let f = 0; f < this.features; f++) {
      if (allowed !== null && allowed[f] === 0) continue;
      for (let i = 512 * f; i < 512 * f + 512; i++) {
        if (scores[i] > best) {
          best = scores[i];
          place = i;
        }
      }
    }
    return place;
  }

  #sideSums(feature: number, bin: number, set: Uint8Array | null, { g, h }: { g: Float64Array; h: Float64Array }): { gradient: number; hessian: number } {
    let gradient = 0;
    let hessian = 0;
    for (let b = set === null ? 0 : bin; b <= bin; b++) {
      gradient += g[256 * feature + b];
      hessian += h[256 * feature + b];
    }
    return { gradient, hessian };
  }

  #divide(node: Growing, cut: Cut, search: CutSearch, firstChild: number): [Growing, Growing] {
    const column = this.#bins.columns.subarray(cut.feature * this.rows, (cut.feature + 1) * this.rows);
    const goesLeft = (row: number): boolean => {
      const bin = column[row];
      if (cut.set !== null) return cut.set[bin] === 1;
      return bin === MISSING_BIN ? cut.missingLeft : bin <= cut.bin;
    };
    const leftRows = node.at.filter(goesLeft);
    const rightRows = node.at.filter((row) => !goesLeft(row));
    const { low, high } = node;
    const bounds = [{ low, high }, { low, high }];
    const direction = this.#options.monotone === null ? 0 : this.#options.monotone[cut.feature];
    const gradient = node.gradient - cut.gradient;
    const hessian = node.hessian - cut.hessian;
    if (direction !== 0) {
      // Both sides may move up to the middle of their values and no further.
      const middle = (search.value(cut.gradient, cut.hessian, cut.lambda, low, high) + search.value(gradient, hessian, cut.lambda, low, high)) / 2;
      bounds[0][direction > 0 ? "high" : "low"] = middle;
      bounds[1][direction > 0 ? "low" : "high"] = middle;
    }
    const groups = node.groups === null ? null : node.groups.filter((group) => group.includes(cut.feature));
    const common = { depth: node.depth + 1, lambda: cut.lambda, groups, cut: null };
    return [
      { ...common, ...bounds[0], id: firstChild, gradient: cut.gradient, hessian: cut.hessian, rows: leftRows.length, at: leftRows },
      { ...common, ...bounds[1], id: firstChild + 1, gradient, hessian, rows: rightRows.length, at: rightRows },
    ];
  }

  renewLeaves(tree: GrownTree, quantile: number): void {
    for (let leaf = 0; leaf < tree.leaves.length; leaf++) {
      const residuals = Float64Array.from([...this.#leaves.keys()].filter((row) => this.#leaves[row] === leaf), (row) => this.#target[row] - this.scores[row]).sort();
      if (residuals.length === 0) continue;
      // Counted from the largest value.
      const place = (residuals.length - 1) * (1 - quantile);
      const before = Math.floor(place);
      const upper = residuals[residuals.length - 1 - before];
      const lower = residuals[Math.max(0, residuals.length - 2 - before)];
      tree.leaves[leaf] = upper - (upper - lower) * (place - before);
    }
  }

  drawShare(share: number, random: RandomStream): Uint32Array {
    return drawShare(this.rows, share, random);
  }

  drawByGradient(topRate: number, otherRate: number, random: RandomStream): Uint32Array {
    return drawByGradient(this.rows, topRate, otherRate, this.gradients, this.hessians, random);
  }

  leafOfRow(): Int32Array {
    return this.#leaves.slice();
  }

  addToScores(tree: GrownTree, output: number, factor: number): void {
    const { right, split, leaves } = tree;
    const from = output * this.rows;
    for (let row = 0; row < this.rows; row++) {
      let node = 0;
      while (right[node] !== 0) {
        const bin = this.#bins.columns[splitFeature(split[node]) * this.rows + row];
        const set = tree.sets?.setOf[node] ?? -1;
        const left = set >= 0 ? ((tree.sets!.words[8 * set + (bin >> 5)] >>> (bin & 31)) & 1) === 1 : bin === MISSING_BIN ? (split[node] & 1) === 1 : bin <= splitBin(split[node]);
        node = left ? node + 1 : right[node];
      }
      this.scores[from + row] += Math.fround(leaves[split[node]] * factor);
    }
  }

  close(): void {}
}

function packSet(set: Uint8Array): Uint32Array {
  const words = new Uint32Array(8);
  for (let bin = 0; bin < 256; bin++) if (set[bin] === 1) words[bin >> 5] |= 1 << (bin & 31);
  return words;
}

/** The whole number next to it, ties to the even one. */
function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest < 0.5) return below;
  if (rest > 0.5) return below + 1;
  return below % 2 === 0 ? below : below + 1;
}
