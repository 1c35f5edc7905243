/**
 * Reading `run_meta.json` (or `live.json`) that may come from anywhere: a newer version, another program, a torn copy.
 *
 * Absent fields get the value that says "not known"; fields that are not known are kept as they are. A field of the
 * wrong kind makes the whole record damaged rather than half true.
 */
import { FORMAT_VERSION, INPUTS, type RunMeta } from "./types.js";

export type CheckedMeta = { meta: RunMeta; problem: null } | { meta: null; problem: string };

const STATUSES = ["running", "finished", "failed", "interrupted", "crashed"];

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === "string";
// JSON can write 1e999, which is read as Infinity; no measured number is that.
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const isFlag: Check = (value) => typeof value === "boolean";
const isRecord: Check = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const orNull = (check: Check): Check => (value) => value === null || check(value);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const recordOf = (check: Check): Check => (value) => isRecord(value) && Object.values(value as object).every(check);
const shape = (fields: Record<string, Check>): Check => (value) =>
  isRecord(value) && Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));

/** One row a field: what it must be, in words and as a test, and what stands for "not known". */
const FIELDS: { name: keyof RunMeta; want: string; check: Check; absent?: () => unknown }[] = [
  { name: "id", want: "text", check: (value) => isText(value) && value !== "" },
  { name: "status", want: `one of ${STATUSES.join(", ")}`, check: (value) => STATUSES.includes(value as string) },
  { name: "name", want: "text", check: isText, absent: () => "" },
  { name: "started_at", want: "a time", check: (value) => isText(value) && !Number.isNaN(Date.parse(value as string)), absent: () => new Date(0).toISOString() },
  { name: "ended_at", want: "a time or null", check: orNull(isText), absent: () => null },
  { name: "duration_ms", want: "a number or null", check: orNull(isNumber), absent: () => null },
  { name: "peak_memory_bytes", want: "a number or null", check: orNull(isNumber), absent: () => null },
  { name: "command", want: "text", check: isText, absent: () => "" },
  { name: "notebook", want: "an object with a path, or null", check: orNull(shape({ path: isText })), absent: () => null },
  { name: "seed", want: "a number", check: isNumber, absent: () => 0 },
  { name: "seed_drawn", want: "true or false", check: isFlag, absent: () => false },
  { name: "flags", want: "an object", check: isRecord, absent: () => ({}) },
  { name: "inputs", want: "hashes by name", check: recordOf(orNull(isText)), absent: () => Object.fromEntries(INPUTS.map((input) => [input, null])) },
  { name: "git", want: "an object with a commit, or null", check: orNull(shape({ commit: isText })), absent: () => null },
  { name: "metrics", want: "numbers by name", check: recordOf(isNumber), absent: () => ({}) },
  { name: "main_metric", want: "text or null", check: orNull(isText), absent: () => null },
  { name: "metric_directions", want: "true or false by name", check: recordOf(isFlag), absent: () => ({}) },
  { name: "threshold", want: "an object with a value, or null", check: orNull(shape({ value: isNumber })), absent: () => null },
  { name: "models", want: "a list of models", check: listOf(shape({ file: isText, estimator: isText })), absent: () => [] },
  { name: "written", want: "a list of files", check: listOf(shape({ path: isText })), absent: () => [] },
  { name: "tags", want: "a list of text", check: listOf(isText), absent: () => [] },
  { name: "parent", want: "text or null", check: orNull(isText), absent: () => null },
  { name: "error", want: "an error or null", check: orNull(shape({ name: isText, message: isText, traceback: listOf(isText) })), absent: () => null },
  { name: "history_points", want: "a number", check: isNumber, absent: () => 0 },
  { name: "files", want: "a list of files", check: listOf(shape({ path: isText, sha256: isText, bytes: isNumber })), absent: () => [] },
  { name: "writer", want: "an object with host, pid and runlab", check: shape({ host: isText, pid: isNumber, runlab: isText }), absent: () => ({ host: "", pid: 0, runlab: "" }) },
  { name: "fields", want: "an object", check: isRecord, absent: () => ({}) },
  { name: "notes", want: "a list of text", check: listOf(isText), absent: () => [] },
];

/**
 * Reads the record of a run from its text, or from JSON that is parsed already.
 *
 * @returns the record, with unknown fields kept; or one line that says why it cannot be used. Never throws.
 * @example
 * checkMeta('{"format_version": 9}').problem;
 * // "made by a newer runlab (format version 9; this one reads up to 1): update runlab to read it"
 */
export function checkMeta(json: unknown): CheckedMeta {
  let value = json;
  if (typeof json === "string") {
    try {
      value = JSON.parse(json);
    } catch {
      return refuse("damaged: the record of the run is not JSON (a copy that was cut off?)");
    }
  }
  if (!isRecord(value)) return refuse(`not a run of runlab: the record should be an object and is ${kindOf(value)}`);
  const record = value as Record<string, unknown>;
  const version = own(record, "format_version");
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return refuse("not a run of runlab: the record has no format_version");
  }
  if (version > FORMAT_VERSION) {
    return refuse(`made by a newer runlab (format version ${version}; this one reads up to ${FORMAT_VERSION}): update runlab to read it`);
  }
  if (isTooDeep(record)) return refuse(`damaged: the record is nested more than ${DEEPEST} levels deep`);
  const meta: Record<string, unknown> = {};
  // defineProperty, because a hostile "__proto__" member must stay a member.
  for (const key of Object.keys(record)) setMember(meta, key, record[key]);
  for (const { name, want, check, absent } of FIELDS) {
    const given = own(record, name);
    if (given === undefined && absent) meta[name] = absent();
    else if (!check(given)) return refuse(`damaged: "${name}" should be ${want} and is ${given === undefined ? "missing" : kindOf(given)}`);
  }
  return { meta: meta as unknown as RunMeta, problem: null };
}

/** Levels of objects and lists in a record; what is written by runs stays far below, and what reads them may recurse. */
const DEEPEST = 100;

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) => (one !== null && typeof one === "object" ? Object.values(one).filter((member) => member !== null && typeof member === "object") : []));
  }
  return false;
}

/** Sets a member as own data, whatever its name: `__proto__` from a file never becomes a prototype. */
export function setMember<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A member of parsed JSON, never one inherited from `Object.prototype`. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

const refuse = (problem: string): CheckedMeta => ({ meta: null, problem });

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
