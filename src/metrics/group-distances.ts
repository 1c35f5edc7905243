/**
 * How far every point is from every group: the sum of its distances to the group's members.
 */
import type { GroupedPoints } from "./points.js";

/** Row-major, `groups` a row. Every pair of points is measured once and counted for both. */
export function groupDistances({ values, width, rows, labels, groups }: GroupedPoints): Float64Array {
  const sums = new Float64Array(rows * groups);
  for (let i = 0; i < rows; i++) {
    const own = labels[i];
    for (let j = i + 1; j < rows; j++) {
      let square = 0;
      for (let c = 0; c < width; c++) {
        const apart = values[i * width + c] - values[j * width + c];
        square += apart * apart;
      }
      const distance = Math.sqrt(square);
      sums[i * groups + labels[j]] += distance;
      sums[j * groups + own] += distance;
    }
  }
  return sums;
}
