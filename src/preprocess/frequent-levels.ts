/**
 * Which categories of a column count for themselves, and which are rare.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { labelsOf } from "../table/values.js";

/** A category; null stands for a missing value. */
export type Level = string | number | boolean | null;

/** When categories are rare. */
export interface RareOptions {
  /** Categories rarer than this are rare: a count from 1, or a share of the rows under 1. Default: none are. */
  minFrequency?: number;
  /** At most so many outputs for a column, that of the rare ones included; the rarest categories give way. Default: any number. */
  maxCategories?: number;
}

/** The categories of a column, sorted, a missing value last. */
export interface FoundLevels {
  readonly levels: Level[];
  /** Those that are too rare to count for themselves, sorted. */
  readonly rare: Level[];
}

/** Refuses limits that are none. */
export function checkRareOptions({ minFrequency, maxCategories }: RareOptions): void {
  if (minFrequency !== undefined && !(minFrequency > 0 && (minFrequency < 1 || Number.isInteger(minFrequency)))) {
    throw new RunlabError("minFrequency is a count or a share of the rows", { received: minFrequency, allowed: "a whole number from 1, or 0 < minFrequency < 1" });
  }
  if (maxCategories !== undefined && !(Number.isInteger(maxCategories) && maxCategories >= 1)) throw new RunlabError("maxCategories is a whole number, 1 or more", { received: maxCategories });
}

/** The categories that occur in a column. Equally rare ones give way in their order, as in scikit-learn. */
export function findLevels(table: Table, name: string, { minFrequency, maxCategories }: RareOptions): FoundLevels {
  const { codes, levels } = labelsOf(table, name);
  const counts = new Float64Array(levels.length + 1);
  for (let i = 0; i < codes.length; i++) counts[codes[i] < 0 ? levels.length : codes[i]]++;
  const found: Level[] = counts[levels.length] > 0 ? [...levels, null] : levels;
  const limit = minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * table.numRows : minFrequency;
  const isRare = Uint8Array.from(found, (_, i) => (counts[i] < limit ? 1 : 0));
  const outputs = isRare.reduce((sum, rare) => sum - rare, found.length) + 1;
  if (maxCategories !== undefined && maxCategories < outputs && maxCategories < found.length) {
    const byCount = found.map((_, i) => i).sort((a, b) => counts[a] - counts[b] || a - b);
    for (const i of byCount.slice(0, found.length - (maxCategories - 1))) isRare[i] = 1;
  }
  return { levels: found.filter((_, i) => isRare[i] === 0), rare: found.filter((_, i) => isRare[i] === 1) };
}

/** True for columns that hold categories, and for others that labels can be made of when they are named. */
export function holdsLevels(table: Table, name: string, named: boolean): boolean {
  const kind = columnKind(table.getChild(name)!.type);
  return kind === "category" || (named && (kind === "number" || kind === "boolean"));
}

/** How a category is written in names and messages. */
export function levelText(level: Level): string {
  return level === null ? "missing" : String(level);
}

/** The first few of a list of categories, for a message. */
export function someLevels(levels: readonly Level[]): string {
  return levels.slice(0, 12).map((level) => (level === null ? "(missing)" : String(level))).join(", ") + (levels.length > 12 ? ", …" : "");
}
