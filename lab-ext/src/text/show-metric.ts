/** A metric in a column: the same number of decimals for values of the same size, so that the eye can run down it. */
export function showMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e7)) return value.toExponential(2);
  if (size < 10) return value.toFixed(4);
  if (size < 1000) return value.toFixed(2);
  return Math.round(value).toLocaleString("en-US");
}
