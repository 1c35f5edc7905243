/** `--sort KEY`: a column of the list, a metric or a flag; `:asc` or `:desc` after it turns the order. */
import { RunlabError } from "../errors.js";
import { own } from "../runs/format/meta.js";
import { plainText } from "../runs/format/text.js";
import type { ConfigValue, IndexRecord } from "../runs/format/types.js";

type Order = "asc" | "desc";

/** One row a column: what it sorts by, and the order that people mean by its name alone. */
const COLUMNS: Record<string, { value: (record: IndexRecord) => ConfigValue; order: Order }> = {
  started: { value: (record) => record.started, order: "desc" },
  age: { value: (record) => -record.started, order: "asc" },
  name: { value: (record) => record.name.toLowerCase(), order: "asc" },
  status: { value: (record) => record.status, order: "asc" },
  seed: { value: (record) => record.seed, order: "asc" },
  duration: { value: (record) => record.duration_ms, order: "desc" },
  notebook: { value: (record) => record.notebook, order: "asc" },
};

/**
 * The records in order; those without the key come last, newest first among equals. Metrics and flags that are numbers
 * start with the largest, text starts with "a".
 *
 * @throws RunlabError when no run has the key.
 */
export function sortRuns(records: IndexRecord[], sort: string): IndexRecord[] {
  const match = /^(.*?)(?::(asc|desc))?$/s.exec(sort) as RegExpExecArray;
  const key = match[1];
  const column = own(COLUMNS, key);
  const value = column?.value ?? ((record: IndexRecord) => own(record.metrics, key) ?? own(record.flags, key) ?? null);
  const keyed = records.map((record) => ({ record, value: value(record) }));
  const known = keyed.find((entry) => entry.value !== null);
  if (column === undefined && known === undefined && records.length > 0) {
    throw new RunlabError("no run has the key to sort by", { received: plainText(key), allowed: plainText([...Object.keys(COLUMNS), ...metricNames(records)].join(", ")) });
  }
  const order = match[2] ?? column?.order ?? (typeof known?.value === "number" ? "desc" : "asc");
  const sign = order === "asc" ? 1 : -1;
  return keyed.sort((a, b) => compare(a.value, b.value, sign) || b.record.started - a.record.started).map((entry) => entry.record);
}

function compare(a: ConfigValue, b: ConfigValue, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  const [textA, textB] = [String(a), String(b)];
  return textA === textB ? 0 : sign * (textA < textB ? -1 : 1);
}

function metricNames(records: IndexRecord[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record.metrics)))].slice(0, 12);
}
