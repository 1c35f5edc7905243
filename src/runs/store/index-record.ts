/** The small record of a run that lists are made from. Small, because a browser loads one for every run of the store. */
import type { ConfigValue, IndexRecord, RunMeta } from "../format/types.js";

const MOST_METRICS = 12;
const MOST_FLAGS = 16;
const MOST_TAGS = 8;
const LONGEST_TEXT = 80;

/** `t` is the moment of the change, in milliseconds since 1970: between two records of one run, the later one counts. */
export function recordOf(meta: RunMeta, t: number): IndexRecord {
  return {
    id: meta.id,
    t,
    name: short(meta.name),
    status: meta.status,
    started: Date.parse(meta.started_at),
    duration_ms: meta.duration_ms,
    seed: meta.seed,
    notebook: meta.notebook === null ? null : meta.notebook.path.slice(0, 200),
    main_metric: meta.main_metric,
    metrics: someMetrics(meta),
    flags: someFlags(meta.flags),
    parent: meta.parent,
    tags: meta.tags.slice(0, MOST_TAGS).map(short),
  };
}

/** A record for a folder that is no readable run, so that it is listed with the reason instead of being left out. */
export function problemRecord(id: string, problem: string, t: number): IndexRecord {
  const started = startOf(id) ?? t;
  return { id, t, name: id.split("__")[1] ?? id, status: "crashed", started, duration_ms: null, seed: 0, notebook: null, main_metric: null, metrics: {}, flags: {}, parent: null, tags: [], problem };
}

/** Whether a line of a segment is a record at all; segments may be torn, foreign or edited. */
export function isIndexRecord(value: unknown): value is IndexRecord {
  if (value === null || typeof value !== "object") return false;
  const record = value as Partial<IndexRecord>;
  if (typeof record.id !== "string" || typeof record.t !== "number") return false;
  if (record.deleted === true) return true;
  return (
    typeof record.name === "string" &&
    typeof record.status === "string" &&
    typeof record.started === "number" &&
    typeof record.seed === "number" &&
    record.metrics !== null &&
    typeof record.metrics === "object" &&
    record.flags !== null &&
    typeof record.flags === "object" &&
    Array.isArray(record.tags)
  );
}

/** The moment in an id, in milliseconds since 1970; ids of older stores have no milliseconds. Null when the name is no id. */
function startOf(id: string): number | null {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d(?:\.\d{3})?)Z/.exec(id);
  const time = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
  return Number.isNaN(time) ? null : time;
}

function someMetrics(meta: RunMeta): Record<string, number> {
  const names = Object.keys(meta.metrics);
  if (names.length <= MOST_METRICS && (meta.main_metric === null || names[0] === meta.main_metric)) return meta.metrics;
  const main = meta.main_metric !== null && names.includes(meta.main_metric) ? [meta.main_metric] : [];
  const chosen = [...main, ...names.filter((name) => name !== meta.main_metric)].slice(0, MOST_METRICS);
  return Object.fromEntries(chosen.map((name) => [name, meta.metrics[name]]));
}

function someFlags(flags: Record<string, ConfigValue>): Record<string, ConfigValue> {
  return Object.fromEntries(Object.entries(flags).slice(0, MOST_FLAGS).map(([name, value]) => [name, shortValue(value)]));
}

function shortValue(value: ConfigValue): ConfigValue {
  if (typeof value === "string") return short(value);
  if (value === null || typeof value !== "object") return value;
  return JSON.stringify(value).length <= LONGEST_TEXT ? value : short(JSON.stringify(value));
}

function short(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}
