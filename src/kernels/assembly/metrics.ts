// How far points are from groups of points: the sums that a silhouette is made of.
//
// Points lie column after column, sorted by group, so that neighbours in memory are neighbours in a group. Each pair is
// measured once and counted for both. Two lanes hold two neighbouring points; the scalar code keeps their sums apart too,
// and every sum is taken in the order of the points: the bits depend on nothing but data.

@inline function at(base: usize, i: i32): usize { return base + (<usize>i << 3); }

/** The distance of points `i` and `j`. */
@inline function distance(points: usize, stride: i32, width: i32, i: i32, j: i32): f64 {
  let square: f64 = 0;
  for (let c = 0; c < width; c++) {
    const column = at(points, c * stride);
    const apart = load<f64>(at(column, i)) - load<f64>(at(column, j));
    square += apart * apart;
  }
  return Math.sqrt(square);
}

/**
 * Adds, for the rows `first` to `last` - 1, the distances to all later points: `sums[g * stride + i]` grows by that of
 * point i to the members of group g, and the same for each of those members to the group of i.
 *
 * `starts` holds the first row of each group and the number of rows; `own` the group of each row.
 */
export function groupDistances(points: usize, rows: i32, stride: i32, width: i32, starts: usize, groups: i32, own: usize, sums: usize, first: i32, last: i32): void {
  for (let i = first; i < last; i++) {
    const group = load<i32>(own + (<usize>i << 2));
    const ownSums = at(sums, group * stride);
    for (let g = group; g < groups; g++) {
      const start = load<i32>(starts + (<usize>g << 2));
      const end = load<i32>(starts + (<usize>(g + 1) << 2));
      const from = start > i ? start : i + 1;
      if (from >= end) continue;
      const total = ASC_FEATURE_SIMD ? segmentLanes(points, stride, width, i, from, end, ownSums) : segment(points, stride, width, i, from, end, ownSums);
      const place = at(sums, g * stride + i);
      store<f64>(place, load<f64>(place) + total);
    }
  }
}

function segment(points: usize, stride: i32, width: i32, i: i32, from: i32, end: i32, ownSums: usize): f64 {
  let even: f64 = 0;
  let odd: f64 = 0;
  let j = from;
  for (; j + 1 < end; j += 2) {
    const one = distance(points, stride, width, i, j);
    const two = distance(points, stride, width, i, j + 1);
    even += one;
    odd += two;
    store<f64>(at(ownSums, j), load<f64>(at(ownSums, j)) + one);
    store<f64>(at(ownSums, j + 1), load<f64>(at(ownSums, j + 1)) + two);
  }
  if (j < end) {
    const one = distance(points, stride, width, i, j);
    even += one;
    store<f64>(at(ownSums, j), load<f64>(at(ownSums, j)) + one);
  }
  return even + odd;
}

function segmentLanes(points: usize, stride: i32, width: i32, i: i32, from: i32, end: i32, ownSums: usize): f64 {
  let totals = f64x2.splat(0);
  const step = <usize>stride << 3;
  let j = from;
  // Eight points at a time, so that each coordinate of point i is loaded once for all of them.
  for (; j + 7 < end; j += 8) {
    let a = f64x2.splat(0);
    let b = f64x2.splat(0);
    let c = f64x2.splat(0);
    let d = f64x2.splat(0);
    let mine = at(points, i);
    let theirs = at(points, j);
    for (let k = 0; k < width; k++) {
      const coordinate = v128.load64_splat(mine);
      const apartA = f64x2.sub(coordinate, v128.load(theirs));
      const apartB = f64x2.sub(coordinate, v128.load(theirs, 16));
      const apartC = f64x2.sub(coordinate, v128.load(theirs, 32));
      const apartD = f64x2.sub(coordinate, v128.load(theirs, 48));
      a = f64x2.add(a, f64x2.mul(apartA, apartA));
      b = f64x2.add(b, f64x2.mul(apartB, apartB));
      c = f64x2.add(c, f64x2.mul(apartC, apartC));
      d = f64x2.add(d, f64x2.mul(apartD, apartD));
      mine += step;
      theirs += step;
    }
    a = f64x2.sqrt(a);
    b = f64x2.sqrt(b);
    c = f64x2.sqrt(c);
    d = f64x2.sqrt(d);
    totals = f64x2.add(f64x2.add(f64x2.add(f64x2.add(totals, a), b), c), d);
    const place = at(ownSums, j);
    v128.store(place, f64x2.add(v128.load(place), a));
    v128.store(place, f64x2.add(v128.load(place, 16), b), 16);
    v128.store(place, f64x2.add(v128.load(place, 32), c), 32);
    v128.store(place, f64x2.add(v128.load(place, 48), d), 48);
  }
  let even = f64x2.extract_lane(totals, 0);
  let odd = f64x2.extract_lane(totals, 1);
  for (; j < end; j++) {
    const one = distance(points, stride, width, i, j);
    if ((j - from) & 1) odd += one;
    else even += one;
    store<f64>(at(ownSums, j), load<f64>(at(ownSums, j)) + one);
  }
  return even + odd;
}
