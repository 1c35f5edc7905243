/**
 * Fewer points, so that a plot of a million rows stays small.
 */
import { stream } from "../random/index.js";

/** More than this are slow to draw and bloat a notebook. */
export const MOST_POINTS = 2000;

/**
 * At most `most` row numbers out of `rows`, ascending; the same ones every time, whatever the seed of the run, so that
 * two runs show the same rows.
 */
export function thinned(rows: number, most = MOST_POINTS): Uint32Array {
  if (rows <= most) return Uint32Array.from({ length: rows }, (_, i) => i);
  return stream("plots/thin", 0).choice(rows, most).sort();
}
