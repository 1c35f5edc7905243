/**
 * The maximum of a function of one number.
 */

const GOLDEN = 0.3819660112501051;
const GROWTH = 1.618034;

/**
 * Where a function with one hill is greatest. The search starts between `from` and `to` and goes uphill beyond them,
 * to `limit` on either side at most.
 *
 * Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 5: parabolas where they help, golden
 * sections where not. The place is exact to about the root of the machine's precision, as flat as hilltops are.
 *
 * @example
 * Math.round(maximise((x) => -((x - 5) ** 2), -2, 2, 100) * 1e6) / 1e6; // 5
 */
export function maximise(f: (x: number) => number, from: number, to: number, limit: number): number {
  const height = (x: number): number => {
    const value = -f(x);
    return value === value ? value : Infinity;
  };
  const [low, middle, high] = bracket(height, from, to, limit);
  return minimum(height, Math.min(low, high), middle, Math.max(low, high));
}

/** Three places of which the middle one is the lowest, or the outermost allowed. */
function bracket(f: (x: number) => number, from: number, to: number, limit: number): [number, number, number] {
  let [a, b] = [from, to];
  let [fa, fb] = [f(a), f(b)];
  if (fb > fa) [a, b, fa, fb] = [b, a, fb, fa];
  let c = b + GROWTH * (b - a);
  let fc = f(c);
  while (fc < fb && Math.abs(c) < limit) {
    [a, b, fb] = [b, c, fc];
    c = Math.max(-limit, Math.min(limit, b + GROWTH * (b - a)));
    fc = f(c);
  }
  return [a, b, c];
}

function minimum(f: (x: number) => number, low: number, start: number, high: number): number {
  let x = start;
  let w = start;
  let v = start;
  let fx = f(x);
  let fw = fx;
  let fv = fx;
  let step = 0;
  let before = 0;
  for (let round = 0; round < 200; round++) {
    const middle = 0.5 * (low + high);
    // As fine as the precision of f lets one see.
    const tolerance = 1e-8 * Math.abs(x) + 1e-10;
    if (Math.abs(x - middle) <= 2 * tolerance - 0.5 * (high - low)) break;
    let golden = true;
    if (Math.abs(before) > tolerance) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      else q = -q;
      if (Math.abs(p) < Math.abs(0.5 * q * before) && p > q * (low - x) && p < q * (high - x)) {
        before = step;
        step = p / q;
        const next = x + step;
        if (next - low < 2 * tolerance || high - next < 2 * tolerance) step = x < middle ? tolerance : -tolerance;
        golden = false;
      }
    }
    if (golden) {
      before = x < middle ? high - x : low - x;
      step = GOLDEN * before;
    }
    const u = x + (Math.abs(step) >= tolerance ? step : step > 0 ? tolerance : -tolerance);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) high = x;
      else low = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return x;
}
