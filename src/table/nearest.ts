/**
 * Which of some names somebody probably meant.
 */

/**
 * At most `count` of `names`, those fewest edits away from `word` first; nothing when none is near.
 *
 * Case is ignored, and a name that contains the word counts as near.
 *
 * @example
 * nearest("spices", ["species", "island", "sex"]); // ["species"]
 */
export function nearest(word: string, names: readonly string[], count = 3): string[] {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const scored: { name: string; edits: number }[] = [];
  for (const name of names) {
    const candidate = name.toLowerCase();
    const inside = wanted.length >= 3 && (candidate.includes(wanted) || (candidate.length >= 3 && wanted.includes(candidate)));
    const edits = inside ? Math.min(1, distance(wanted, candidate)) : distance(wanted, candidate);
    if (edits <= limit) scored.push({ name, edits });
  }
  return scored.sort((a, b) => a.edits - b.edits).slice(0, count).map((each) => each.name);
}

/** Edits (insert, delete, replace, swap of neighbours) between two words. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2] + 1);
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length];
}
