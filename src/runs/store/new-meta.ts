/** The record of a run at its start, from what the caller knows; everything else says "not known". */
import { readFileSync } from "node:fs";
import { RunlabError } from "../../errors.js";
import { FORMAT_VERSION, type RunMeta } from "../format/types.js";
import { ownMark } from "./process-mark.js";
import { redactValue } from "./redact.js";

/** What `Store.start` needs to know; any other field of `RunMeta` may be given too, and becomes part of the record. */
export type NewRun = { name: string; seed: number } & Partial<Omit<RunMeta, "id" | "status" | "format_version" | "files" | "history_points" | "writer" | "ended_at">>;

/** `started` in milliseconds since 1970. */
export function newMeta(id: string, run: NewRun, started: number): RunMeta {
  if (!Number.isSafeInteger(run.seed) || run.seed < 0) {
    throw new RunlabError("a seed is a whole number from 0", { received: run.seed, allowed: "0 to 9007199254740991" });
  }
  return cleanMeta({
    format_version: FORMAT_VERSION,
    id,
    name: run.name,
    status: "running",
    started_at: new Date(started).toISOString(),
    ended_at: null,
    duration_ms: null,
    peak_memory_bytes: null,
    command: "",
    notebook: null,
    seed: run.seed,
    seed_drawn: false,
    flags: {},
    inputs: { code: null, data: null, config: null, seed: null, environment: null },
    git: null,
    metrics: {},
    main_metric: null,
    metric_directions: {},
    threshold: null,
    models: [],
    written: [],
    tags: [],
    parent: null,
    error: null,
    history_points: 0,
    files: [],
    fields: {},
    ...without(run, ["started_at"]),
    writer: { host: ownMark().host, pid: ownMark().pid, runlab: version(), process: ownMark().started },
  });
}

/**
 * The record as it may be written: no secrets, and no metric that JSON cannot hold. A metric that is not a finite number
 * is left out of `metrics` and named in `fields.not_finite`, so that a reader sees that it was there.
 */
export function cleanMeta(meta: RunMeta): RunMeta {
  const clean = redactValue(meta);
  const odd = Object.keys(clean.metrics).filter((name) => !Number.isFinite(clean.metrics[name]));
  if (odd.length === 0) return clean;
  clean.metrics = Object.fromEntries(Object.entries(clean.metrics).filter(([name]) => !odd.includes(name)));
  clean.fields = { ...clean.fields, not_finite: odd };
  return clean;
}

function without<T extends object>(value: T, names: string[]): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([name, item]) => !names.includes(name) && item !== undefined)) as Partial<T>;
}

let known: string | null = null;

/** The version of this package, read once from its package.json. */
export function version(): string {
  // One folder further up when this runs from dist.
  for (const place of ["../../package.json", "../../../package.json"]) {
    if (known !== null) break;
    try {
      const text = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as { name?: string; version?: string };
      if (text.name === "runlab" && text.version !== undefined) known = text.version;
    } catch {
      // Not at this place.
    }
  }
  return known ?? "unknown";
}
