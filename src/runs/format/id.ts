/**
 * The short name of a run for people: `forest__k3f9` for `2026-11-21T10-15-30.123Z__forest__seed42__k3f9`.
 *
 * It names the run within a screenful, not for ever; commands accept any unique part of an id. An id of another shape
 * is shortened to its last 12 characters.
 */
export function shortId(id: string): string {
  const parts = id.split("__");
  if (parts.length < 3) return id.length > 24 ? `…${id.slice(-12)}` : id;
  // The name itself may hold "__", so it is everything between the time and the seed.
  const last = parts[parts.length - 1];
  const hasSeed = /^seed\d+$/.test(parts[parts.length - 2]);
  return `${parts.slice(1, hasSeed ? -2 : -1).join("__") || "run"}__${last}`;
}
