/** How long ago something began, in as few letters as a narrow column has. */
const STEPS: readonly [limit: number, unit: number, name: string][] = [
  [60, 1, "s"],
  [3600, 60, "min"],
  [86_400, 3600, "h"],
  [7 * 86_400, 86_400, "d"],
  [60 * 86_400, 7 * 86_400, "wk"],
  [730 * 86_400, 30.44 * 86_400, "mo"],
  [Infinity, 365.25 * 86_400, "y"],
];

/**
 * @param then milliseconds since 1970
 * @param now milliseconds since 1970; a `then` in the future (clocks differ between machines) counts as now
 * @example showAge(0, 90_000); // "1 min"
 */
export function showAge(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  const [, unit, name] = STEPS.find(([limit]) => seconds < limit)!;
  return `${Math.floor(seconds / unit)} ${name}`;
}
