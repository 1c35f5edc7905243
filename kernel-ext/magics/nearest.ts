/** The candidates a mistyped word may have meant, nearest first, at most three. */
export function nearest(word: string, candidates: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(word.length / 3));
  const asked = word.toLowerCase().slice(0, LONGEST);
  return candidates
    .map((candidate) => ({ candidate, distance: distance(asked, candidate.toLowerCase().slice(0, LONGEST)) }))
    .filter((row) => row.distance <= limit || (asked.length > 1 && row.candidate.toLowerCase().startsWith(asked)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((row) => row.candidate);
}

/** Names are short; a hostile one must not cost its length squared. */
const LONGEST = 64;

/** Edits (insert, delete, replace, swap of neighbours) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}

/** " Did you mean a or b?", or nothing when there is no near name. */
export function didYouMean(word: string, candidates: readonly string[], prefix = ""): string {
  const near = nearest(word, candidates);
  return near.length === 0 ? "" : `; did you mean ${near.map((name) => prefix + name).join(" or ")}?`;
}
