/**
 * Naive Bayes for counts.
 */
import { RunlabError } from "../errors.js";
import { COUNTED_DEFAULTS, CountedBayes, type CountedOptions, type LogCounts, checkCounted, smoothing } from "./bayes/counted.js";
import type { Design } from "./linear/design.js";

export type MultinomialNBOptions = CountedOptions;

/**
 * For columns that count things, such as words in a text: a class is known by the shares that its columns have of all.
 *
 * When it misleads: it looks at shares, so a column with large numbers decides; quantities that are no counts belong to
 * `GaussianNB`.
 *
 * As scikit-learn's MultinomialNB; missing numbers count 0, and a category counts as one thing of its kind.
 *
 * @throws RunlabError from `fit` and `predict` for numbers below 0; from `fit` for unknown or impossible options, and a target that
 * is missing in some rows or has one class.
 *
 * Source: A. McCallum and K. Nigam, "A comparison of event models for naive Bayes text classification" (1998).
 *
 * @example
 * const table = tableFromColumns({ free: [3, 2, 0, 0], meeting: [0, 0, 2, 1], kind: ["spam", "spam", "ham", "ham"] });
 * new MultinomialNB().fit(table, { target: "kind" }).predict(table)[0]; // "spam"
 */
export class MultinomialNB extends CountedBayes<MultinomialNBOptions> {
  readonly name = "MultinomialNB";

  /** One row a class: the log of each column's share. */
  get featureLogProb(): number[][] {
    return this.rowsOfCoefficients;
  }

  protected defaults(): MultinomialNBOptions {
    return { ...COUNTED_DEFAULTS };
  }

  protected resolve(options: Required<MultinomialNBOptions>): Record<string, unknown> {
    return checkCounted(options);
  }

  protected prepare(design: Design, names: readonly string[]): Design {
    for (const { place, values } of design.numbers) {
      const row = values.findIndex((value) => value < 0);
      if (row >= 0) throw new RunlabError(`${this.name} takes counts, 0 or more; ${JSON.stringify(names[place])} has another in row ${row}`, { received: values[row], allowed: "counts, or GaussianNB" });
    }
    return design;
  }

  protected logCounts(sums: Float64Array, counts: Float64Array, width: number, params: Record<string, unknown>): LogCounts {
    const alpha = smoothing(params);
    const coefficients = new Float64Array(sums.length);
    for (let k = 0; k < counts.length; k++) {
      let total = 0;
      for (let c = 0; c < width; c++) total += sums[k * width + c] + alpha;
      for (let c = 0; c < width; c++) coefficients[k * width + c] = Math.log(sums[k * width + c] + alpha) - Math.log(total);
    }
    return { coefficients, constants: new Float64Array(counts.length) };
  }
}
