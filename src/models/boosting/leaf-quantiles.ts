/**
 * Leaves that hold a quantile of their rows' residuals.
 */
import { quantileOf, weightedQuantileOf } from "./quantile.js";

/**
 * Writes to each leaf the quantile of target less score of the rows in it.
 *
 * @param leafOfRow per row its leaf, -1 for rows that do not count.
 */
export function renewLeaves(leaves: Float64Array, leafOfRow: Int32Array, target: Float64Array, scores: Float32Array, weights: Float64Array | null, quantile: number): void {
  const ends = new Int32Array(leaves.length + 1);
  for (let i = 0; i < leafOfRow.length; i++) if (leafOfRow[i] >= 0) ends[leafOfRow[i] + 1]++;
  for (let leaf = 0; leaf < leaves.length; leaf++) ends[leaf + 1] += ends[leaf];
  const total = ends[leaves.length];
  const residuals = new Float64Array(total);
  const own = weights === null ? null : new Float64Array(total);
  const next = ends.slice(0, leaves.length);
  for (let i = 0; i < leafOfRow.length; i++) {
    if (leafOfRow[i] < 0) continue;
    const at = next[leafOfRow[i]]++;
    residuals[at] = target[i] - scores[i];
    if (own !== null) own[at] = weights![i];
  }
  for (let leaf = 0; leaf < leaves.length; leaf++) {
    const from = ends[leaf];
    const to = ends[leaf + 1];
    // A leaf without rows keeps its Newton step: there is nothing to take a quantile of.
    if (from === to) continue;
    leaves[leaf] = own === null ? quantileOf(residuals.subarray(from, to), quantile) : weightedQuantileOf(residuals.subarray(from, to), own.subarray(from, to), quantile);
  }
}
