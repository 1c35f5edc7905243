/**
 * The run folder, as types: the contract between kernel, command line and sidebar. Imports nothing from Node.
 *
 * Two rules hold for every reader. A folder with a newer `format_version` is refused with a message that says so;
 * a field that is not known is kept and shown, never dropped.
 */

/** The version this code writes. A reader accepts this one and every older one. */
export const FORMAT_VERSION = 1;

/** What a run folder may hold; anything else in it is listed as an artifact. */
export const FILES = {
  /** Present while the run is live; its modification time is the heartbeat. */
  live: "live.json",
  /** Appears once, whole, when the run has ended; never changed after. */
  meta: "run_meta.json",
  config: "config.json",
  metrics: "metrics/metrics.json",
  history: "metrics/history.jsonl",
  crossValidations: "metrics/cv.json",
  cell: "code/cell.ts",
  program: "code/run.ts",
  git: "code/git.json",
  patch: "code/uncommitted.patch",
  inputs: "data/inputs.json",
  schema: "schema/input_schema.json",
  environment: "env/environment.json",
  lockfile: "env/package-lock.json",
  packages: "env/packages.txt",
  output: "logs/output.txt",
  report: "report.md",
  predictions: "tables/holdout_predictions.parquet",
  holdout: "tables/holdout_input.parquet",
  predictionsCsv: "tables/predictions.csv",
} as const;

/** `crashed` is given by others: the writer stopped without an end record and its heartbeat went stale. */
export type RunStatus = "running" | "finished" | "failed" | "interrupted" | "crashed";

export type Scalar = string | number | boolean | null;
export type ConfigValue = Scalar | ConfigValue[] | { [key: string]: ConfigValue };

/** The five inputs of `metric = h(code, data, config, seed, environment)`. */
export const INPUTS = ["code", "data", "config", "seed", "environment"] as const;
export type InputName = (typeof INPUTS)[number];

export interface RunError {
  name: string;
  message: string;
  traceback: string[];
}

export interface GitState {
  commit: string;
  branch: string | null;
  dirty: boolean;
  /** Bytes of `code/uncommitted.patch`; 0 when the tree was clean. */
  patch_bytes: number;
}

/** `run_meta.json`; while the run is live the same fields, as far as known, stand in `live.json`. */
export interface RunMeta {
  format_version: number;
  id: string;
  name: string;
  status: RunStatus;
  /** UTC, ISO 8601 with milliseconds. */
  started_at: string;
  ended_at: string | null;
  duration_ms: number | null;
  peak_memory_bytes: number | null;
  /** What a user would type to do it again: the magic line with the seed filled in. */
  command: string;
  /** Where the run came from; `path` is relative to the folder that holds the store. Null for a script. */
  notebook: { path: string; cell_id: string | null; execution_count: number | null } | null;
  seed: number;
  /** True when no `--seed` was given and one was drawn. */
  seed_drawn: boolean;
  /** Flags of the magic line, as typed by the user (without the implicit defaults of `config.json`). */
  flags: Record<string, ConfigValue>;
  /** sha256 of each input in canonical JSON (RFC 8785); null while not yet known. */
  inputs: Record<InputName, string | null>;
  git: GitState | null;
  /** Last value of each metric, for lists. */
  metrics: Record<string, number>;
  /** The metric that a list shows when there is room for one. */
  main_metric: string | null;
  /** Per metric: true when more is better, false when less is, absent when not known. */
  metric_directions: Record<string, boolean>;
  threshold: { value: number; rationale: string } | null;
  models: { file: string; estimator: string; rows: number; features: number }[];
  /** Files that the cell wrote, relative to the working folder. */
  written: { path: string; sha256: string | null; bytes: number | null }[];
  tags: string[];
  parent: string | null;
  error: RunError | null;
  /** Points in `metrics/history.jsonl`. */
  history_points: number;
  /** Every file of the folder but this one: a reader names an artifact by its place here, never by a path of its own. */
  files: { path: string; sha256: string; bytes: number }[];
  /** Host and process that wrote it; lets a reader tell a live run from a dead one on the same machine. */
  writer: {
    host: string;
    pid: number;
    runlab: string;
    /** Marks the process among all that ever had its pid (boot and start time), where the system tells them. */
    process?: string | null;
  };
  /** Anything else the user logged. */
  fields: Record<string, unknown>;
  /** One line for each thing that could not be recorded. */
  notes?: string[];
  /** What `code/run.ts` was made of; absent in runs of before it was. */
  program?: ProgramRecord;
  /** What the run did that its five inputs do not hold; absent when nobody watched. */
  leaks?: LeakReport;
  /** The group this run is one of, such as the seeds of one cell. */
  group?: { kind: "seeds" | "why"; id: string } | null;
}

/** Where the code of `code/run.ts` comes from. */
export interface ProgramRecord {
  /** True when the program holds all that the cell used, so that it can run by itself. */
  complete: boolean;
  /** The cells it has statements of, in the order they ran; the run's own cell is the last. */
  cells: { cell_id: string | null; execution_count: number; statements: number; edited: boolean; deleted: boolean }[];
  /** For people: "uses `train` from cell 4, which was edited after it ran". */
  notes: string[];
}

/** Sources of change that no seed controls. */
export const LEAK_SOURCES = ["clock", "timer", "crypto", "network", "variable", "process", "realm", "math", "directory", "file"] as const;
export type LeakSource = (typeof LEAK_SOURCES)[number];

/** One uncontrolled source that the run used. */
export interface Leak {
  source: LeakSource;
  /** What was called, such as `Date.now`, or named, such as an environment variable or a path. */
  name: string;
  count: number;
  /** Where it was used first; `file` is the cell's `cell_5.ts` or a path. Null when the stack does not tell. */
  first: { file: string; line: number; column: number } | null;
}

export interface LeakReport {
  /** The sources that were watched: "no leaks" is said of these only. */
  watched: LeakSource[];
  strict: boolean;
  /** "fixed" when the run's clock stood still. */
  clock: "real" | "fixed";
  leaks: Leak[];
}

/** How a repeated run compares with the first, best to worst; "unrepeatable" when it could not be run to its end. */
export const VERDICT_LEVELS = ["identical", "ulps", "tolerance", "different", "unrepeatable"] as const;
export type VerdictLevel = (typeof VERDICT_LEVELS)[number];

/** What `rerun` found. */
export interface Verdict {
  level: VerdictLevel;
  /** One sentence for people. */
  summary: string;
  /** The first thing that differs, in the order of the run folder; null when nothing does or nothing could be compared. */
  first: { file: string; row: number | null; column: string | null; field: string | null; was: string; is: string } | null;
  /** What the difference, or the failure, most likely comes from; null when there is none or none is known. */
  cause: string | null;
  /** Inputs that were not the same: a package, a file of data. One line each; `matters` when it can change a result. */
  changed: { what: string; matters: boolean }[];
  /** The run that repeated it; null when none was started. */
  rerun: string | null;
  seconds: number | null;
}

/** A file of `edits/`: something said of a run after it ended. Never a change of the run. */
export interface RunEdit {
  kind: "verdict" | "tag" | "star" | "note" | "name" | "archive";
  /** UTC, ISO 8601 with milliseconds. */
  at: string;
  /** With `kind` "verdict". */
  verdict?: Verdict;
  /** With the others: the new value. */
  value?: unknown;
}

/** `config.json`: what was intended, with what was implied. */
export interface RunConfig {
  /** The flags of the magic line. */
  flags: Record<string, ConfigValue>;
  /** Splits and estimators in the order they ran; `chosen` lists the options the user set, the others are defaults. */
  steps: { step: string; params: Record<string, ConfigValue>; chosen: string[] }[];
}

/** `metrics/metrics.json`. */
export interface MetricRecord {
  name: string;
  value: number;
  /** evaluate: by `evaluate`; function: a metric function in the cell; log: `log({...})`; result: the cell's last expression. */
  source: "evaluate" | "function" | "log" | "result";
  greater_is_better: boolean | null;
  /** Sample sizes, class balance, averaging and the like. */
  details?: Record<string, unknown>;
}

/** An entry of `metrics/cv.json`: what folds said of a model, in the order it was asked. */
export interface CrossValidationRecord {
  model: string;
  /** Every option of the model, defaults included; of a search those that were tried, of the best candidate. */
  params: Record<string, ConfigValue>;
  target: string;
  rows: number;
  /** What made the folds, with every option. */
  splitter: { name: string; params: Record<string, ConfigValue> };
  seed: number;
  metrics: string[];
  higher_is_better: Record<string, boolean>;
  /** Over folds, by metric. */
  mean: Record<string, FoldValue>;
  /** Standard deviation, divided by the number of folds. */
  std: Record<string, FoldValue>;
  train_mean: Record<string, FoldValue> | null;
  folds: {
    fold: number;
    train_rows: number | null;
    test_rows: number | null;
    test: Record<string, FoldValue>;
    train: Record<string, FoldValue> | null;
    fit_seconds: number;
    score_seconds: number;
  }[];
  /** The candidates of a search; null when one model was judged. */
  search: {
    kind: string;
    space: Record<string, ConfigValue>;
    metric: string;
    candidates: { params: Record<string, ConfigValue>; mean: Record<string, FoldValue>; std: Record<string, FoldValue>; rank: number; fit_seconds: number; error: string | null }[];
  } | null;
}

/** A value of a metric; one that is not finite is written as text. */
export type FoldValue = number | "NaN" | "Infinity" | "-Infinity";

/** A line of `metrics/history.jsonl` is `crc32 json\n`; readers stop at the first bad line. */
export interface HistoryPoint {
  /** Counts from 0 without gaps. */
  i: number;
  step: number;
  /** Milliseconds since the run started. */
  t: number;
  values: Record<string, number>;
}

/** An entry of `data/inputs.json`. */
export interface InputRecord {
  path: string;
  sha256: string;
  bytes: number;
  /** Null for a file that was read, but not as a table. */
  rows: number | null;
  columns: number | null;
  role: "sample" | "processed" | "file";
  schema?: { name: string; type: string; nullable: boolean }[];
}

/** `env/environment.json`. */
export interface RunEnvironment {
  node: string;
  v8: string;
  icu: string;
  platform: string;
  arch: string;
  cpu: string;
  cores: number;
  /** sha256 over fixed inputs of every Math function: differs when two engines would compute different bits. */
  math_fingerprint: string;
  packages: Record<string, string>;
  /** Allow-listed environment variables only. */
  variables: Record<string, string>;
  kernel: { name: string; version: string; engine: string } | null;
}

/**
 * A line of an index segment (`runs/index/<writer>.jsonl`): one small record per change of a run. Within a segment the
 * later line wins; between segments the higher `t` wins, and an ended status beats a live one.
 */
export interface IndexRecord {
  id: string;
  /** Milliseconds since 1970 when this record was written. */
  t: number;
  name: string;
  status: RunStatus;
  /** Milliseconds since 1970. */
  started: number;
  duration_ms: number | null;
  seed: number;
  notebook: string | null;
  main_metric: string | null;
  metrics: Record<string, number>;
  flags: Record<string, ConfigValue>;
  parent: string | null;
  tags: string[];
  /** The run is gone: forget it. */
  deleted?: true;
  /** Says why a folder cannot be read (foreign, damaged, newer version). */
  problem?: string;
  /** The newest verdict of a `rerun`. */
  verdict?: VerdictLevel;
  /** Uncontrolled sources that the run used; absent when nobody watched. */
  leaks?: number;
  /** See `RunMeta.group`. */
  group?: { kind: "seeds" | "why"; id: string };
}

/** Everything a diff or a page of one run needs, loaded from one folder by whoever can read files. */
export interface RunDocument {
  meta: RunMeta;
  config: RunConfig;
  metrics: MetricRecord[];
  history: HistoryPoint[];
  inputs: InputRecord[];
  environment: RunEnvironment | null;
  /** File name under `code/` -> text. */
  code: Record<string, string>;
  /** Plot name -> vega-lite specification. */
  plots: Record<string, Record<string, unknown>>;
  /** What could not be read, one line each. */
  problems: string[];
  /** What was said of the run since, oldest first. */
  edits?: RunEdit[];
}

/** MIME type of a run card in a notebook; the data is a `RunCard`. */
export const RUN_CARD_MIME = "application/vnd.runlab.run.v1+json";
/** MIME type of a diff in a notebook; the data is a `RunDiff` of `runlab/diff`. */
export const RUN_DIFF_MIME = "application/vnd.runlab.diff.v1+json";

/** What a run card shows. Data only: a card in an untrusted notebook is drawn, never run. */
export interface RunCard {
  id: string;
  name: string;
  status: RunStatus;
  /** Path of the store, relative to the notebook's folder when it lies below or above it, else absolute. */
  store: string;
  seed: number;
  seed_drawn: boolean;
  started_at: string;
  duration_ms: number | null;
  main_metric: string | null;
  metrics: Record<string, number>;
  metric_directions: Record<string, boolean>;
  flags: Record<string, ConfigValue>;
  inputs: { path: string; rows: number | null; role: string }[];
  /** Points so far, while the run is live. */
  history_points: number;
  /** The run before this one from the same cell or of the same name, for "compare with previous". */
  previous: string | null;
  error: { name: string; message: string } | null;
  /** The program's notes, when the cell used something that a fresh notebook would not give it. */
  program_notes?: string[];
  leaks?: LeakReport;
  /** The newest verdict of a `rerun`. */
  verdict?: Verdict;
}
