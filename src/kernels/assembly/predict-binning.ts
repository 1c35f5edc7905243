// Numbers into bins that were chosen before: how many of the edges lie below each.
//
// The way from the lowest edge to the highest is divided into equal cells. The cell of a number never falls as the number
// rises, whatever is rounded on the way, so edges in earlier cells lie below it and edges in later ones do not: only those
// in its own cell are left to compare with.
import { mapNumbers } from "./boost-binning";

const CELLS: i32 = 4096;
/** More edges in one cell than these are found by comparing with all. */
const MOST_STEPS: i32 = 8;
/** Places for edges; those not taken hold infinity. */
const PLACES: i32 = 256;

/** What to bin; the first four are what `mapNumbers` takes. */
// @ts-ignore: decorator
@unmanaged
class Task {
  values: usize;
  edges: usize;
  bins: usize;
  count: i32;
  edgeCount: i32;
  /** A byte a cell: how many edges lie in earlier ones. */
  cells: usize;
  /** Filled by `divideEdges`: most edges of a cell. */
  steps: i32;
  unused: i32;
  /** Cells to the unit. */
  scale: f64;
}

// @ts-ignore: decorator
@inline
function cellOf(value: f64, low: f64, scale: f64): i32 {
  return max(0, min(CELLS - 1, <i32>((value - low) * scale)));
}

/** Sets out the cells of a column's edges. */
export function divideEdges(argument: usize): void {
  const task = changetype<Task>(argument);
  const count = task.edgeCount;
  const low = load<f64>(task.edges);
  const scale = <f64>CELLS / (load<f64>(task.edges + ((<usize>max(0, count - 1)) << 3)) - low);
  // With one edge, or edges too far from each other or too close, all are in the first cell.
  task.scale = scale < Infinity && scale > 0.0 ? scale : 0.0;
  task.steps = 0;
  let cell = 0;
  for (let edge = 0; edge < count; ) {
    const own = cellOf(load<f64>(task.edges + ((<usize>edge) << 3)), low, task.scale);
    for (; cell <= own; cell++) store<u8>(task.cells + <usize>cell, <u8>edge);
    const from = edge;
    while (edge < count && cellOf(load<f64>(task.edges + ((<usize>edge) << 3)), low, task.scale) == own) edge++;
    task.steps = max(task.steps, edge - from);
  }
  memory.fill(task.cells + <usize>cell, <u8>count, CELLS - cell);
}

/** Writes the bin of each value, 255 for NaN. */
export function binNumbers(argument: usize): void {
  const task = changetype<Task>(argument);
  const steps = task.steps;
  if (steps > MOST_STEPS || task.edgeCount >= PLACES) mapNumbers(argument);
  else if (steps <= 1) compare(task, 1);
  else if (steps == 2) compare(task, 2);
  else compare(task, steps);
}

// @ts-ignore: decorator
@inline
function compare(task: Task, steps: i32): void {
  const edges = task.edges;
  const cells = task.cells;
  const scale = task.scale;
  const low = load<f64>(edges);
  let out = task.bins;
  let at = task.values;
  const end = at + ((<usize>task.count) << 3);
  if (ASC_FEATURE_SIMD) {
    const lows = f64x2.splat(low);
    const scales = f64x2.splat(scale);
    const last = i32x4.splat(CELLS - 1);
    const none = i32x4.splat(0);
    for (; at + 16 <= end; at += 16, out += 2) {
      const own = i32x4.max_s(none, i32x4.min_s(last, i32x4.trunc_sat_f64x2_s_zero(f64x2.mul(f64x2.sub(v128.load(at), lows), scales))));
      store<u8>(out, binFrom(load<u8>(cells + <usize>i32x4.extract_lane(own, 0)), edges, load<f64>(at), steps));
      store<u8>(out, binFrom(load<u8>(cells + <usize>i32x4.extract_lane(own, 1)), edges, load<f64>(at, 8), steps), 1);
    }
  }
  for (; at < end; at += 8, out++) {
    const value = load<f64>(at);
    store<u8>(out, binFrom(load<u8>(cells + <usize>cellOf(value, low, scale)), edges, value, steps));
  }
}

/** So many comparisons from an edge on. */
// @ts-ignore: decorator
@inline
function binFrom(first: u32, edges: usize, value: f64, steps: i32): u8 {
  let bin = first;
  for (let step = 0; step < steps; step++) bin += <u32>(load<f64>(edges + ((<usize>bin) << 3)) < value);
  return <u8>(bin | (0 - <u32>(value != value)));
}
