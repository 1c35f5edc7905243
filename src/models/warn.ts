/**
 * A fit that stopped before it was done: one plain line, and `params.converged` in the record.
 */

/**
 * Says that a model is not exact yet, and what helps.
 * Such as: Lasso has not converged in 1000 iterations, so its coefficients are not exact: raise maxIter or alpha.
 */
export function warnNotConverged(name: string, iterations: number, remedy: string): void {
  console.warn(`${name} has not converged in ${iterations} iterations, so its coefficients are not exact: ${remedy}.`);
}
