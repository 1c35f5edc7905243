// exp and log from additions, multiplications and divisions alone, so that they have the same bits on every machine, with
// and without lanes: the lane versions do in each lane what the scalar ones do.
//
// exp: n = round(x / ln 2), e^x = 2^n e^r with |r| <= ln 2 / 2, the Taylor series of e^r to the 13th power (rest below
// 5e-18). log1p: twice the inverse hyperbolic tangent of t / (2 + t).

/** Adding it rounds to a whole number, which then stands in the low bits. */
const MAGIC: f64 = 6755399441055744.0;
const LOG2_E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.693147180369123816490;
const LN2_LOW: f64 = 1.90821492927058770002e-10;
/** Below, e^x is no longer a normal number. */
const LEAST: f64 = -708.0;
const MOST: f64 = 709.0;

@inline function expSeries(r: f64): f64 {
  let p: f64 = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  return p * r + 1.0;
}

/** e^x for x between -708 and 709; others are taken for the nearest of these. */
@inline export function expOf(x: f64): f64 {
  x = x < LEAST ? LEAST : x;
  x = x > MOST ? MOST : x;
  const m = x * LOG2_E + MAGIC;
  const n = m - MAGIC;
  const r = (x - n * LN2_HIGH) - n * LN2_LOW;
  return expSeries(r) * reinterpret<f64>((reinterpret<i64>(m) + 1023) << 52);
}

/** log(1 + t) for t from 0 to 1, to within 2e-16. */
@inline export function log1pOf(t: f64): f64 {
  const s = t / (2.0 + t);
  const z = s * s;
  let p: f64 = 1.0 / 33.0;
  p = p * z + 1.0 / 31.0;
  p = p * z + 1.0 / 29.0;
  p = p * z + 1.0 / 27.0;
  p = p * z + 1.0 / 25.0;
  p = p * z + 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 0.2;
  p = p * z + 1.0 / 3.0;
  p = p * z + 1.0;
  return (s + s) * p;
}

/** log x for a normal x above 0. */
export function logOf(x: f64): f64 {
  let bits = reinterpret<i64>(x);
  let e = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    e += 1;
  }
  const s = (m - 1.0) / (m + 1.0);
  const z = s * s;
  let p: f64 = 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 0.2;
  p = p * z + 1.0 / 3.0;
  p = p * z + 1.0;
  return <f64>e * LN2_HIGH + ((s + s) * p + <f64>e * LN2_LOW);
}

@inline function step(p: v128, r: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(p, r), f64x2.splat(c));
}

/** `expOf` of two numbers. */
@inline export function expLanes(x: v128): v128 {
  x = f64x2.pmax(x, f64x2.splat(LEAST));
  x = f64x2.pmin(x, f64x2.splat(MOST));
  const m = f64x2.add(f64x2.mul(x, f64x2.splat(LOG2_E)), f64x2.splat(MAGIC));
  const n = f64x2.sub(m, f64x2.splat(MAGIC));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_HIGH))), f64x2.mul(n, f64x2.splat(LN2_LOW)));
  let p = f64x2.splat(1.0 / 6227020800.0);
  p = step(p, r, 1.0 / 479001600.0);
  p = step(p, r, 1.0 / 39916800.0);
  p = step(p, r, 1.0 / 3628800.0);
  p = step(p, r, 1.0 / 362880.0);
  p = step(p, r, 1.0 / 40320.0);
  p = step(p, r, 1.0 / 5040.0);
  p = step(p, r, 1.0 / 720.0);
  p = step(p, r, 1.0 / 120.0);
  p = step(p, r, 1.0 / 24.0);
  p = step(p, r, 1.0 / 6.0);
  p = step(p, r, 0.5);
  p = step(p, r, 1.0);
  p = step(p, r, 1.0);
  return f64x2.mul(p, i64x2.shl(i64x2.add(m, i64x2.splat(1023)), 52));
}

/** `log1pOf` of two numbers. */
@inline export function log1pLanes(t: v128): v128 {
  const s = f64x2.div(t, f64x2.add(f64x2.splat(2.0), t));
  const z = f64x2.mul(s, s);
  let p = f64x2.splat(1.0 / 33.0);
  p = step(p, z, 1.0 / 31.0);
  p = step(p, z, 1.0 / 29.0);
  p = step(p, z, 1.0 / 27.0);
  p = step(p, z, 1.0 / 25.0);
  p = step(p, z, 1.0 / 23.0);
  p = step(p, z, 1.0 / 21.0);
  p = step(p, z, 1.0 / 19.0);
  p = step(p, z, 1.0 / 17.0);
  p = step(p, z, 1.0 / 15.0);
  p = step(p, z, 1.0 / 13.0);
  p = step(p, z, 1.0 / 11.0);
  p = step(p, z, 1.0 / 9.0);
  p = step(p, z, 1.0 / 7.0);
  p = step(p, z, 0.2);
  p = step(p, z, 1.0 / 3.0);
  p = step(p, z, 1.0);
  return f64x2.mul(f64x2.add(s, s), p);
}
