/**
 * How many of each class go into a part.
 */

/**
 * Shares `total` out in proportion to `sizes`, by largest remainder; ties go to the earlier class. The sum is exact,
 * and no share is more than one away from its exact proportion.
 *
 * @example
 * allocate([6, 3, 1], 5); // [3, 2, 0]
 */
export function allocate(sizes: readonly number[], total: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (all === 0) return sizes.map(() => 0);
  // Whole-number arithmetic: size * total stays far under 2^53, so remainders are compared exactly.
  const shares = sizes.map((size) => Math.floor((size * total) / all));
  const remainders = sizes.map((size, i) => size * total - shares[i] * all);
  const left = total - shares.reduce((sum, share) => sum + share, 0);
  const order = sizes.map((_, i) => i).sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (let i = 0; i < left; i++) shares[order[i]]++;
  return shares;
}
