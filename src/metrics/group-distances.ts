/**
 * How far every point is from every group: the sum of its distances to the group's members.
 */
import { leaseMemory } from "../kernels/index.js";
import type { GroupedPoints } from "./points.js";

interface DistanceKernel {
  groupDistances(points: number, rows: number, stride: number, width: number, starts: number, groups: number, own: number, sums: number, first: number, last: number): void;
}

/** Pairs between two looks at the stop button: some hundredths of a second. */
const PAIRS_A_CALL = 10_000_000;

/** Row-major, `groups` a row. Every pair of points is measured once and counted for both. */
export function groupDistances({ values, width, rows, labels, groups, sizes }: GroupedPoints): Float64Array {
  const order = byGroup(labels, sizes);
  const stride = rows + (rows % 2);
  const lease = leaseMemory();
  try {
    const kernel = lease.kernel<DistanceKernel>("metrics");
    const points = lease.alloc(8 * stride * width);
    const sums = lease.alloc(8 * stride * groups);
    const starts = lease.alloc(4 * (groups + 1));
    const own = lease.alloc(4 * rows);
    const block = lease.f64(points, stride * width);
    for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) block[c * stride + i] = values[order[i] * width + c];
    lease.f64(sums, stride * groups).fill(0);
    const firsts = lease.i32(starts, groups + 1);
    firsts[0] = 0;
    for (let g = 0; g < groups; g++) firsts[g + 1] = firsts[g] + sizes[g];
    const groupOf = lease.i32(own, rows);
    for (let i = 0; i < rows; i++) groupOf[i] = labels[order[i]];
    const step = Math.max(1, Math.floor(PAIRS_A_CALL / rows));
    for (let first = 0; first < rows; first += step) kernel.groupDistances(points, rows, stride, width, starts, groups, own, sums, first, Math.min(rows, first + step));
    const found = lease.f64(sums, stride * groups);
    const out = new Float64Array(rows * groups);
    for (let g = 0; g < groups; g++) for (let i = 0; i < rows; i++) out[order[i] * groups + g] = found[g * stride + i];
    return out;
  } finally {
    lease.release();
  }
}

/** Rows by group, in their order within it. */
function byGroup(labels: Int32Array, sizes: Float64Array): Uint32Array {
  const next = new Uint32Array(sizes.length);
  for (let g = 1; g < sizes.length; g++) next[g] = next[g - 1] + sizes[g - 1];
  const order = new Uint32Array(labels.length);
  for (let i = 0; i < labels.length; i++) order[next[labels[i]]++] = i;
  return order;
}
