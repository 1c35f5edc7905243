/**
 * From which columns of the first table those after several steps are made.
 */
import type { MadeColumn, Transformer } from "./transformer.js";

/**
 * For each column that fitted steps have made, the columns of the table before the first step that it comes from. A
 * column that is not in the map is still what it was.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 2], c: ["x", "y"] });
 * const steps = [oneHot().fit(table)];
 * sourcesThrough(steps).get("c=x"); // ["c"]
 */
export function sourcesThrough(steps: readonly Transformer[]): Map<string, readonly string[]> {
  const sources = new Map<string, readonly string[]>();
  for (const step of steps) {
    const made = step.outputs.map((column): MadeColumn => ({ name: column.name, sources: [...new Set(column.sources.flatMap((source) => sources.get(source) ?? [source]))] }));
    for (const { name, sources: from } of made) sources.set(name, from);
  }
  return sources;
}
