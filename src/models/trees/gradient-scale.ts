/**
 * The powers of two by which gradients and hessians become whole numbers.
 *
 * As fine as they can be while all gradients of a table add up to less than 2^31 in size, and all hessians to less than
 * that. What they will add up to is guessed from the last time; a guess that was too low is noticed, since the sums
 * of whole numbers are exact, and the rows are done again.
 */

/** Sums must stay below this: the largest single-precision number below 2^31, where single values are cut off. */
export const SUM_LIMIT = 2147483520;

/** Room for sums to grow from one tree to the next. */
const HEADROOM = 1.25;
const LEAST_EXPONENT = -100;
const MOST_EXPONENT = 100;

/** The largest power of two that keeps `sum`, and a quarter more, within `SUM_LIMIT`. */
export function scaleFor(sum: number): number {
  let scale = 1;
  if (!(sum > 0)) return scale;
  let exponent = 0;
  const most = SUM_LIMIT / HEADROOM;
  while (exponent < MOST_EXPONENT && sum * scale * 2 <= most) {
    scale *= 2;
    exponent++;
  }
  while (exponent > LEAST_EXPONENT && sum * scale > most) {
    scale /= 2;
    exponent--;
  }
  return scale;
}

/** Turns rows into whole numbers at two scales and returns the exact sums of their sizes. */
export type Quantize = (gradientScale: number, hessianScale: number) => { gradients: number; hessians: number };

/** Sums below this share of their limit are taken again at a finer scale. */
const COARSE = 1 / 8;
const MOST_TRIES = 120;
/** Rounded to so few units a sum says nothing; the largest single value does. */
const FEW_UNITS = 4096;

/** What is known of one sum from tree to tree. */
class SumScale {
  scale = 1;
  #expected = -1;
  get unknown(): boolean {
    return this.#expected < 0;
  }

  expect(sum: number): void {
    this.#expected = sum;
  }

  choose(): void {
    this.scale = scaleFor(this.#expected);
  }

  /** Learns from the whole sum of a try; says whether to try again, and leaves the sum unknown when it was all rounded away. */
  learn(units: number): "good" | "coarse" | "over" {
    if (units >= SUM_LIMIT) {
      // It was cut off somewhere: it says only that it is more than this.
      this.#expected = (4 * SUM_LIMIT) / this.scale;
      return "over";
    }
    if (units < FEW_UNITS) {
      this.#expected = -1;
      return "coarse";
    }
    this.#expected = units / this.scale;
    return units < SUM_LIMIT * COARSE ? "coarse" : "good";
  }
}

/** The scales of one output, from tree to tree. */
export class GradientScale {
  readonly #gradients = new SumScale();
  readonly #hessians = new SumScale();

  get gradient(): number {
    return this.#gradients.scale;
  }

  get hessian(): number {
    return this.#hessians.scale;
  }

  /**
   * Quantizes at the scales that fit.
   *
   * @param largest the largest size of a gradient and the largest hessian; asked for when nothing else is known.
   */
  apply(rows: number, largest: () => { gradient: number; hessian: number }, quantize: Quantize): void {
    // Finer scales are worth two more tries; a scale that is too fine has to be left at any cost.
    for (let refined = 0; ; refined++) {
      if (this.#gradients.unknown || this.#hessians.unknown) {
        const { gradient, hessian } = largest();
        if (this.#gradients.unknown) this.#gradients.expect(gradient * rows);
        if (this.#hessians.unknown) this.#hessians.expect(hessian * rows);
      }
      this.#gradients.choose();
      this.#hessians.choose();
      const sums = quantize(this.#gradients.scale, this.#hessians.scale);
      const gradients = this.#gradients.learn(sums.gradients);
      const hessians = this.#hessians.learn(sums.hessians);
      // Derivatives that are not finite never fit.
      if ((gradients === "over" || hessians === "over") && refined < MOST_TRIES) continue;
      if (refined >= 2 || (gradients === "good" && hessians === "good")) return;
      // Few rows, or all derivatives zero: no finer scale would say more.
      if (sums.gradients === 0 && sums.hessians === 0 && refined > 0) return;
    }
  }
}
