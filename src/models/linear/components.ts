/**
 * Directions in which rows differ, greatest variance first.
 */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { type Design, spread } from "./design.js";

export interface Components {
  /** One row a component, `width` numbers each. */
  readonly components: Float64Array;
  /** The variance of each, with rows - 1 in the denominator. */
  readonly variances: Float64Array;
  /** Of all components together. */
  readonly total: number;
}

/** From the lower half of the columns' covariances. */
export function componentsFromCovariance(lower: Float64Array, width: number): Components {
  const matrix = Matrix.zeros(width, width);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      matrix.set(a, b, lower[a * width + b]);
      matrix.set(b, a, lower[a * width + b]);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const components = new Float64Array(width * width);
  const variances = Float64Array.from(order, (k) => Math.max(0, realEigenvalues[k]));
  order.forEach((k, at) => {
    for (let c = 0; c < width; c++) components[at * width + c] = eigenvectorMatrix.get(c, k);
  });
  return turned({ components, variances, total: variances.reduce((sum, value) => sum + value, 0) }, width);
}

/** From the rows, by singular values: exact also for the small ones. */
export function componentsFromRows(design: Design, mean: Float64Array): Components {
  const { rows, width } = design;
  const values = spread(design);
  const matrix = Matrix.zeros(rows, width);
  for (let i = 0; i < rows; i++) for (let c = 0; c < width; c++) matrix.set(i, c, values[i * width + c] - mean[c]);
  const { diagonal, rightSingularVectors } = new SingularValueDecomposition(matrix, { autoTranspose: true, computeLeftSingularVectors: true });
  const most = Math.min(rows, width);
  const components = new Float64Array(most * width);
  const variances = Float64Array.from({ length: most }, (_, k) => (rows > 1 ? (diagonal[k] * diagonal[k]) / (rows - 1) : 0));
  for (let k = 0; k < most; k++) for (let c = 0; c < width; c++) components[k * width + c] = rightSingularVectors.get(c, k);
  return turned({ components, variances, total: variances.reduce((sum, value) => sum + value, 0) }, width);
}

/** Of each component the entry that is largest, whatever its sign, made positive: scikit-learn's svd_flip. */
function turned(found: Components, width: number): Components {
  const { components } = found;
  for (let start = 0; start < components.length; start += width) {
    let largest = start;
    for (let at = start; at < start + width; at++) if (Math.abs(components[at]) > Math.abs(components[largest])) largest = at;
    if (components[largest] < 0) for (let at = start; at < start + width; at++) components[at] = -components[at];
  }
  return found;
}

/**
 * How many components are likelier than noise.
 *
 * Source: T. Minka, "Automatic choice of dimensionality for PCA" (2000), as scikit-learn computes it.
 */
export function minkaRank(variances: Float64Array, rows: number): number {
  let best = 1;
  let most = -Infinity;
  for (let rank = 1; rank < variances.length; rank++) {
    const evidence = logEvidence(variances, rank, rows);
    if (evidence > most) {
      most = evidence;
      best = rank;
    }
  }
  return best;
}

const LEAST_VARIANCE = 1e-15;

function logEvidence(spectrum: Float64Array, rank: number, rows: number): number {
  const width = spectrum.length;
  if (spectrum[rank - 1] < LEAST_VARIANCE) return -Infinity;
  let pu = -rank * Math.log(2);
  for (let i = 1; i <= rank; i++) pu += logGammaOfHalf(width - i + 1) - (Math.log(Math.PI) * (width - i + 1)) / 2;
  let logs = 0;
  for (let i = 0; i < rank; i++) logs += Math.log(spectrum[i]);
  let rest = 0;
  for (let i = rank; i < width; i++) rest += spectrum[i];
  const noise = Math.max(LEAST_VARIANCE, rest / (width - rank));
  const m = width * rank - (rank * (rank + 1)) / 2;
  let pa = 0;
  for (let i = 0; i < rank; i++) {
    for (let j = i + 1; j < width; j++) {
      const other = j < rank ? spectrum[j] : noise;
      pa += Math.log((spectrum[i] - spectrum[j]) * (1 / other - 1 / spectrum[i])) + Math.log(rows);
    }
  }
  return pu - (logs * rows) / 2 - (Math.log(noise) * rows * (width - rank)) / 2 + (Math.log(2 * Math.PI) * (m + rank)) / 2 - pa / 2 - (rank * Math.log(rows)) / 2;
}

/** log of gamma(n / 2) for a whole n from 1: by gamma(x + 1) = x gamma(x), from gamma(1/2) or gamma(1). */
function logGammaOfHalf(n: number): number {
  let sum = n % 2 === 1 ? Math.log(Math.PI) / 2 : 0;
  for (let k = n % 2 === 1 ? 1 : 2; k < n; k += 2) sum += Math.log(k / 2);
  return sum;
}
