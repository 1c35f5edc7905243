/** Fewer points with the same outline. */

export type Point = readonly [step: number, value: number];

/**
 * At most about `most` points of a line in order: the line is cut into stretches and the lowest and highest point of
 * each stays, so that no peak is lost. The first and the last point always stay.
 */
export function thin(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const kept: Point[] = [points[0]];
  const inner = points.length - 2;
  for (let i = 0; i < stretches; i++) {
    const from = 1 + Math.floor((i * inner) / stretches);
    const to = 1 + Math.floor(((i + 1) * inner) / stretches);
    let low = from;
    let high = from;
    for (let j = from + 1; j < to; j++) {
      if (points[j][1] < points[low][1]) low = j;
      if (points[j][1] > points[high][1]) high = j;
    }
    kept.push(points[Math.min(low, high)]);
    if (low !== high) kept.push(points[Math.max(low, high)]);
  }
  kept.push(points[points.length - 1]);
  return kept;
}
