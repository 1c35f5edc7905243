/**
 * Naive Bayes for yes and no.
 */
import { COUNTED_DEFAULTS, CountedBayes, type CountedOptions, type LogCounts, checkCounted, smoothing } from "./bayes/counted.js";
import { numberOption } from "./estimator.js";
import type { Design } from "./linear/design.js";

export interface BernoulliNBOptions extends CountedOptions {
  /** Numbers above it count as yes, others and missing ones as no. Default 0. */
  binarize?: number;
}

/**
 * For columns that say yes or no, such as whether a word occurs: unlike `MultinomialNB` it also learns from what is absent.
 *
 * When it misleads: as all naive Bayes models it is too sure where columns go together.
 *
 * As scikit-learn's BernoulliNB; a category is a column of yes and no for each of its values.
 *
 * @throws RunlabError from `fit` for unknown or impossible options, and a target that is missing in some rows or has one class.
 *
 * Source: as `MultinomialNB`.
 *
 * @example
 * const table = tableFromColumns({ free: [true, true, false, false], kind: ["spam", "spam", "ham", "ham"] });
 * new BernoulliNB().fit(table, { target: "kind" }).predict(table)[0]; // "spam"
 */
export class BernoulliNB extends CountedBayes<BernoulliNBOptions> {
  readonly name = "BernoulliNB";

  protected defaults(): BernoulliNBOptions {
    return { ...COUNTED_DEFAULTS, binarize: 0 };
  }

  protected resolve(options: Required<BernoulliNBOptions>): Record<string, unknown> {
    numberOption("binarize", options.binarize, {});
    return checkCounted(options);
  }

  protected prepare(design: Design, _names: readonly string[], params: Record<string, unknown>): Design {
    const limit = params["binarize"] as number;
    return { ...design, numbers: design.numbers.map((column) => ({ ...column, values: Uint8Array.from(column.values, (value) => (value > limit ? 1 : 0)) })) };
  }

  protected logCounts(sums: Float64Array, counts: Float64Array, width: number, params: Record<string, unknown>): LogCounts {
    const alpha = smoothing(params);
    const coefficients = new Float64Array(sums.length);
    const constants = new Float64Array(counts.length);
    for (let k = 0; k < counts.length; k++) {
      const total = Math.log(counts[k] + 2 * alpha);
      for (let c = 0; c < width; c++) {
        const yes = Math.log(sums[k * width + c] + alpha) - total;
        const no = Math.log(counts[k] - sums[k * width + c] + alpha) - total;
        coefficients[k * width + c] = yes - no;
        constants[k] += no;
      }
    }
    return { coefficients, constants };
  }
}
