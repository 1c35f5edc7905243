/** The table part of a diff: one row a key, one value a run. */
import { canonicalJson, own, type ConfigValue } from "../runs/format/index.js";
import type { Cell, DiffRow } from "./types.js";

/** A row of these values. Numbers that differ get a change, last minus first. */
export function row(key: string, values: Cell[], implicit?: boolean[]): DiffRow {
  const changed = values.some((value) => !Object.is(value, values[0]));
  const made: DiffRow = { key, values, changed };
  const first = values[0];
  const last = values[values.length - 1];
  if (changed && typeof first === "number" && typeof last === "number") made.change = last - first;
  if (implicit?.some(Boolean)) made.implicit = implicit;
  return made;
}

/** Rows for records of plain values, keys in order of appearance. */
export function rowsOf(records: Map<string, Cell>[], implicit?: Set<string>[]): DiffRow[] {
  const keys = new Set(records.flatMap((record) => [...record.keys()]));
  return [...keys].map((key) => row(key, records.map((record) => record.get(key)), implicit?.map((set) => set.has(key))));
}

/** A nested value as flat cells under `prefix`: `{a: {b: 1}}` gives `prefix.a.b`; lists stay in one cell. */
export function flatten(prefix: string, value: ConfigValue | undefined, into: Map<string, Cell>): void {
  if (value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length > 0) {
    for (const key of Object.keys(value)) flatten(prefix === "" ? key : `${prefix}.${key}`, own(value, key), into);
    return;
  }
  into.set(prefix, value !== null && typeof value === "object" ? comparable(value) : value);
}

/** A text that is equal for equal values, also for values that canonical JSON refuses (a file may hold 1e999). */
export function comparable(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    try {
      return JSON.stringify(value) ?? "null";
    } catch {
      return "(nested too deeply to compare)";
    }
  }
}

/** Whether all values are equal by content. */
export function allEqual(values: unknown[]): boolean {
  const first = comparable(values[0]);
  return values.every((value) => comparable(value) === first);
}

/** `1 flag`, `2 flags`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: string[]): string => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`);

/** `the same in both` or `the same in all 3`. */
export const theSame = (runs: number): string => (runs === 2 ? "the same in both" : `the same in all ${runs}`);
