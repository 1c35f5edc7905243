// Derivatives of the built-in losses in single precision, and their whole-number copies. Scalar code does what one lane
// does, step for step: the bits are the same with and without SIMD.

const LOG2_E: f32 = 1.44269504;
const LN2_HIGH: f32 = 0.693359375;
const LN2_LOW: f32 = -2.1219444e-4;
const C0: f32 = 1.98756915e-4;
const C1: f32 = 1.3981999507e-3;
const C2: f32 = 8.3334519073e-3;
const C3: f32 = 4.1665795894e-2;
const C4: f32 = 1.6666665459e-1;
const C5: f32 = 5.0000001201e-1;
const LOWEST: f32 = -87;
const HIGHEST: f32 = 88;

/** The largest single-precision number below 2^31: whatever is cut off here, or a little above by the lanes, is too much. */
const MOST: f32 = 2147483520;

export const SQUARED: i32 = 1;
export const LOGISTIC: i32 = 2;
/** 3 is softmax, which has more outputs than one. */
const ABSOLUTE: i32 = 4;
const HUBER: i32 = 5;
const QUANTILE: i32 = 6;
const POISSON: i32 = 7;
const GAMMA: i32 = 8;
const TWEEDIE: i32 = 9;
const FAIR: i32 = 10;

/** e to the x: range reduction by ln 2 in two parts, a polynomial of degree 7 (coefficients of Moshier's Cephes library). */
export function exp(x: f32): f32 {
  x = x < LOWEST ? LOWEST : x;
  x = HIGHEST < x ? HIGHEST : x;
  const n = nearest<f32>(x * LOG2_E);
  let r = x - n * LN2_HIGH;
  r = r - n * LN2_LOW;
  let p = C0;
  p = p * r + C1;
  p = p * r + C2;
  p = p * r + C3;
  p = p * r + C4;
  p = p * r + C5;
  p = p * (r * r) + r + <f32>1;
  return p * reinterpret<f32>((<i32>n + 127) << 23);
}

@inline function exp4(x: v128): v128 {
  // One instruction each, where `min` and `max` take several for the sake of NaN.
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(LOWEST)), f32x4.splat(HIGHEST));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(C0);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C4));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(C5));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23));
}

/** Sums of what the last call of `quantize` wrote: sizes of gradients, hessians, and both packed. */
export let gradientSum: i64 = 0;
export let hessianSum: i64 = 0;
export let packedSum: i64 = 0;

@inline function gradient1(kernel: i32, score: f32, target: f32): f32 {
  if (kernel == LOGISTIC) return <f32>1 / (<f32>1 + exp(-score)) - target;
  return score - target;
}

/** Writes packed words for the rows `from` to `to`, by a kernel or (0) from the arrays. */
export function quantize(kernel: i32, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize, packed: usize, gradientScale: f32, hessianScale: f32): void {
  if (kernel == SQUARED) {
    if (weights == 0) quantizeRows(SQUARED, false, from, to, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
    else quantizeRows(SQUARED, true, from, to, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
  } else if (kernel == LOGISTIC) {
    if (weights == 0) quantizeRows(LOGISTIC, false, from, to, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
    else quantizeRows(LOGISTIC, true, from, to, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
  } else {
    quantizeRows(0, false, from, to, scores, target, weights, gradients, hessians, packed, gradientScale, hessianScale);
  }
}

@inline function quantizeRows(kernel: i32, weighted: bool, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize, packed: usize, gradientScale: f32, hessianScale: f32): void {
  let i = from;
  let sizes: i64 = 0;
  let hess: i64 = 0;
  let both: i64 = 0;
  if (ASC_FEATURE_SIMD) {
    const gs = f32x4.splat(gradientScale);
    const hs = f32x4.splat(hessianScale);
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    let sizes2 = i64x2.splat(0);
    let hess2 = i64x2.splat(0);
    let both2 = i64x2.splat(0);
    for (; i + 4 <= to; i += 4) {
      const o = (<usize>i) << 2;
      let g: v128;
      let h: v128;
      if (kernel == LOGISTIC) {
        const p = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(v128.load(scores + o)))));
        g = f32x4.sub(p, v128.load(target + o));
        h = f32x4.mul(p, f32x4.sub(one, p));
      } else if (kernel == SQUARED) {
        g = f32x4.sub(v128.load(scores + o), v128.load(target + o));
        h = one;
      } else {
        g = v128.load(gradients + o);
        h = v128.load(hessians + o);
      }
      if (weighted) {
        const w = v128.load(weights + o);
        g = f32x4.mul(g, w);
        h = f32x4.mul(h, w);
      }
      if (kernel == 0) h = f32x4.pmax(h, zero);
      const gi = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(g, gs)));
      const hi = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(h, hs)));
      const low = i32x4.shuffle(hi, gi, 0, 4, 1, 5);
      const high = i32x4.shuffle(hi, gi, 2, 6, 3, 7);
      v128.store(packed + (o << 1), low);
      v128.store(packed + (o << 1), high, 16);
      both2 = i64x2.add(both2, i64x2.add(low, high));
      const size = i32x4.abs(gi);
      sizes2 = i64x2.add(sizes2, i64x2.add(i64x2.extend_low_i32x4_u(size), i64x2.extend_high_i32x4_u(size)));
      hess2 = i64x2.add(hess2, i64x2.add(i64x2.extend_low_i32x4_u(hi), i64x2.extend_high_i32x4_u(hi)));
    }
    sizes = i64x2.extract_lane(sizes2, 0) + i64x2.extract_lane(sizes2, 1);
    hess = i64x2.extract_lane(hess2, 0) + i64x2.extract_lane(hess2, 1);
    both = i64x2.extract_lane(both2, 0) + i64x2.extract_lane(both2, 1);
  }
  for (; i < to; i++) {
    const o = (<usize>i) << 2;
    let g: f32;
    let h: f32;
    if (kernel == LOGISTIC) {
      const p = <f32>1 / (<f32>1 + exp(-load<f32>(scores + o)));
      g = p - load<f32>(target + o);
      h = p * (<f32>1 - p);
    } else if (kernel == SQUARED) {
      g = load<f32>(scores + o) - load<f32>(target + o);
      h = 1;
    } else {
      g = load<f32>(gradients + o);
      h = load<f32>(hessians + o);
    }
    if (weighted) {
      const w = load<f32>(weights + o);
      g *= w;
      h *= w;
    }
    g = nearest<f32>(max<f32>(min<f32>(g * gradientScale, MOST), -MOST));
    h = nearest<f32>(max<f32>(min<f32>(h * hessianScale, MOST), 0));
    const gi = <i64>g;
    const hi = <i64>h;
    const word = (gi << 32) | hi;
    store<i64>(packed + (o << 1), word);
    sizes += gi < 0 ? -gi : gi;
    hess += hi;
    both += word;
  }
  gradientSum = sizes;
  hessianSum = hess;
  packedSum = both;
}

/** The largest size of a gradient and the largest hessian of the rows `from` to `to`, by a kernel or from the arrays. */
export let largestGradient: f32 = 0;
export let largestHessian: f32 = 0;

export function findLargest(kernel: i32, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize): void {
  let mostG: f32 = 0;
  let mostH: f32 = 0;
  for (let i = from; i < to; i++) {
    const o = (<usize>i) << 2;
    let g: f32;
    let h: f32;
    if (kernel == LOGISTIC) {
      const p = <f32>1 / (<f32>1 + exp(-load<f32>(scores + o)));
      g = p - load<f32>(target + o);
      h = p * (<f32>1 - p);
    } else if (kernel == SQUARED) {
      g = load<f32>(scores + o) - load<f32>(target + o);
      h = 1;
    } else {
      g = load<f32>(gradients + o);
      h = load<f32>(hessians + o);
    }
    if (weights != 0 && kernel != 0) {
      const w = load<f32>(weights + o);
      g *= w;
      h *= w;
    }
    const size = abs<f32>(g);
    if (size > mostG) mostG = size;
    if (h > mostH) mostH = h;
  }
  largestGradient = mostG;
  largestHessian = mostH;
}

/**
 * Writes the arrays of derivatives of the rows `from` to `to`. The parameter: where Huber's loss turns straight, the
 * quantile, Fair's scale, by how much Poisson's second derivative is widened, or Tweedie's power.
 */
export function derive(kernel: i32, parameter: f64, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize): void {
  if (kernel == SQUARED) deriveRows(SQUARED, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == LOGISTIC) deriveRows(LOGISTIC, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == ABSOLUTE) deriveRows(ABSOLUTE, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == HUBER) deriveRows(HUBER, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == QUANTILE) deriveRows(QUANTILE, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == POISSON) deriveRows(POISSON, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == GAMMA) deriveRows(GAMMA, parameter, from, to, scores, target, weights, gradients, hessians);
  else if (kernel == TWEEDIE) deriveRows(TWEEDIE, parameter, from, to, scores, target, weights, gradients, hessians);
  else deriveRows(FAIR, parameter, from, to, scores, target, weights, gradients, hessians);
}

@inline function deriveRows(kernel: i32, parameter: f64, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize): void {
  const p = <f32>parameter;
  // What the losses need of their parameter, rounded once.
  const first = kernel == HUBER ? -p : kernel == QUANTILE ? <f32>(1 - parameter) : kernel == TWEEDIE ? <f32>(1 - parameter) : kernel == FAIR ? p * p : 0;
  const second = kernel == QUANTILE ? -p : kernel == TWEEDIE ? <f32>(2 - parameter) : p;
  let i = from;
  if (ASC_FEATURE_SIMD) {
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const first4 = f32x4.splat(first);
    const second4 = f32x4.splat(second);
    for (; i + 4 <= to; i += 4) {
      const o = (<usize>i) << 2;
      const s = v128.load(scores + o);
      const t = v128.load(target + o);
      let g: v128;
      let h: v128 = one;
      if (kernel == LOGISTIC) {
        const share = f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(s))));
        g = f32x4.sub(share, t);
        h = f32x4.mul(share, f32x4.sub(one, share));
      } else if (kernel == POISSON) {
        const mean = exp4(s);
        g = f32x4.sub(mean, t);
        h = f32x4.mul(mean, second4);
      } else if (kernel == GAMMA) {
        h = f32x4.mul(t, exp4(f32x4.neg(s)));
        g = f32x4.sub(one, h);
      } else if (kernel == TWEEDIE) {
        const scaled = f32x4.mul(t, exp4(f32x4.mul(first4, s)));
        const mean = exp4(f32x4.mul(second4, s));
        g = f32x4.sub(mean, scaled);
        h = f32x4.sub(f32x4.mul(second4, mean), f32x4.mul(first4, scaled));
      } else {
        g = f32x4.sub(s, t);
        if (kernel == ABSOLUTE) g = f32x4.sub(v128.and(f32x4.gt(g, zero), one), v128.and(f32x4.lt(g, zero), one));
        else if (kernel == HUBER) g = f32x4.pmax(f32x4.pmin(g, second4), first4);
        else if (kernel == QUANTILE) g = v128.bitselect(first4, second4, f32x4.ge(g, zero));
        else if (kernel == FAIR) {
          const size = f32x4.add(f32x4.abs(g), second4);
          g = f32x4.div(f32x4.mul(second4, g), size);
          h = f32x4.div(first4, f32x4.mul(size, size));
        }
      }
      if (weights != 0) {
        const w = v128.load(weights + o);
        g = f32x4.mul(g, w);
        h = f32x4.mul(h, w);
      }
      v128.store(gradients + o, g);
      v128.store(hessians + o, h);
    }
  }
  for (; i < to; i++) {
    const o = (<usize>i) << 2;
    const s = load<f32>(scores + o);
    const t = load<f32>(target + o);
    let g: f32;
    let h: f32 = 1;
    if (kernel == LOGISTIC) {
      const share = <f32>1 / (<f32>1 + exp(-s));
      g = share - t;
      h = share * (<f32>1 - share);
    } else if (kernel == POISSON) {
      const mean = exp(s);
      g = mean - t;
      h = mean * second;
    } else if (kernel == GAMMA) {
      h = t * exp(-s);
      g = <f32>1 - h;
    } else if (kernel == TWEEDIE) {
      const scaled = t * exp(first * s);
      const mean = exp(second * s);
      g = mean - scaled;
      h = second * mean - first * scaled;
    } else {
      g = s - t;
      if (kernel == ABSOLUTE) g = g > 0 ? 1 : g < 0 ? -1 : 0;
      else if (kernel == HUBER) {
        g = second < g ? second : g;
        g = g < first ? first : g;
      } else if (kernel == QUANTILE) g = g >= 0 ? first : second;
      else if (kernel == FAIR) {
        const size = abs<f32>(g) + second;
        g = (second * g) / size;
        h = first / (size * size);
      }
    }
    if (weights != 0) {
      const w = load<f32>(weights + o);
      g *= w;
      h *= w;
    }
    store<f32>(gradients + o, g);
    store<f32>(hessians + o, h);
  }
}

/** Derivatives of all outputs of softmax; output k of row i is `k * rows + i` singles away. */
export function deriveSoftmax(factor: f32, outputs: i32, rows: i32, from: i32, to: i32, scores: usize, target: usize, weights: usize, gradients: usize, hessians: usize): void {
  const step = (<usize>rows) << 2;
  let i = from;
  if (ASC_FEATURE_SIMD) {
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    for (; i + 4 <= to; i += 4) {
      const o = (<usize>i) << 2;
      let at = scores + o;
      let largest = v128.load(at);
      for (let k = 1; k < outputs; k++) {
        at += step;
        largest = f32x4.max(largest, v128.load(at));
      }
      let sum = zero;
      at = o;
      for (let k = 0; k < outputs; k++) {
        const e = exp4(f32x4.sub(v128.load(scores + at), largest));
        v128.store(gradients + at, e);
        sum = f32x4.add(sum, e);
        at += step;
      }
      const label = v128.load(target + o);
      const w = weights != 0 ? v128.load(weights + o) : one;
      at = o;
      for (let k = 0; k < outputs; k++) {
        const p = f32x4.div(v128.load(gradients + at), sum);
        const mine = v128.and(f32x4.eq(label, f32x4.splat(<f32>k)), one);
        v128.store(gradients + at, f32x4.mul(f32x4.sub(p, mine), w));
        v128.store(hessians + at, f32x4.mul(f32x4.mul(f32x4.splat(factor), f32x4.mul(p, f32x4.sub(one, p))), w));
        at += step;
      }
    }
  }
  for (; i < to; i++) {
    const o = (<usize>i) << 2;
    let at = scores + o;
    let largest = load<f32>(at);
    for (let k = 1; k < outputs; k++) {
      at += step;
      largest = max<f32>(largest, load<f32>(at));
    }
    let sum: f32 = 0;
    at = o;
    for (let k = 0; k < outputs; k++) {
      const e = exp(load<f32>(scores + at) - largest);
      store<f32>(gradients + at, e);
      sum += e;
      at += step;
    }
    const label = load<f32>(target + o);
    const w: f32 = weights != 0 ? load<f32>(weights + o) : 1;
    at = o;
    for (let k = 0; k < outputs; k++) {
      const p = load<f32>(gradients + at) / sum;
      const mine: f32 = label == <f32>k ? 1 : 0;
      store<f32>(gradients + at, (p - mine) * w);
      store<f32>(hessians + at, factor * (p * (<f32>1 - p)) * w);
      at += step;
    }
  }
}
