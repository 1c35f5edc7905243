/** The orders a list of runs can have, one row each; menu and settings come from this table. */
import type { TranslationBundle } from "@jupyterlab/translation";
import type { IndexRecord } from "runlab/format";

export interface Sort {
  name: string;
  label(trans: TranslationBundle): string;
  /** What is compared; null goes last in either direction. */
  value(record: IndexRecord): number | string | null;
  /** The direction one expects first. */
  descending: boolean;
}

export const SORTS: readonly Sort[] = [
  { name: "newest", label: (trans) => trans.__("Newest"), value: (record) => record.started, descending: true },
  { name: "name", label: (trans) => trans.__("Name"), value: (record) => record.name.toLowerCase(), descending: false },
  { name: "metric", label: (trans) => trans.__("Main metric"), value: mainValue, descending: true },
  { name: "seed", label: (trans) => trans.__("Seed"), value: (record) => record.seed, descending: false },
  { name: "duration", label: (trans) => trans.__("Duration"), value: (record) => record.duration_ms, descending: true },
];

/** The order by its name; an unknown name is the first. */
export const sortNamed = (name: string): Sort => SORTS.find((sort) => sort.name === name) ?? SORTS[0];

/** Value of the metric that a list shows when there is room for one. */
export function mainValue(record: IndexRecord): number | null {
  if (record.main_metric === null || !Object.hasOwn(record.metrics, record.main_metric)) return null;
  const value = record.metrics[record.main_metric];
  return typeof value === "number" ? value : null;
}
