/**
 * The mean of squared differences, which MSE and RMSE share.
 */
export function meanSquare(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum / a.length;
}
