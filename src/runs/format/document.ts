/** One run folder as one value: what a diff, a page of a run or `runlab show` works on. */
import { RunlabError } from "../../errors.js";
import { parseHistory } from "./history.js";
import { checkMeta, own, setMember } from "./meta.js";
import { FILES, type InputRecord, type MetricRecord, type RunConfig, type RunDocument, type RunEnvironment, type RunMeta } from "./types.js";

/** Reads one file of the run folder by its path within it; null when there is none. */
export type ReadFile = (path: string) => Promise<string | null>;

/**
 * Loads a run through whatever can read files: `fs`, a browser's fetch, a map in a test.
 *
 * A run that is live, crashed or half copied loads as far as it goes; what is missing or damaged is named in
 * `problems`. Plots and code are found by the file list of the end record; a run without one needs `list`, which gives
 * the paths in the folder.
 *
 * @throws RunlabError when there is no record of the run, or one that cannot be used (newer version, foreign, damaged).
 * @example
 * const run = await loadRunDocument((path) => readFile(join(folder, path), "utf8").catch(() => null));
 */
export async function loadRunDocument(read: ReadFile, list?: () => Promise<string[]>): Promise<RunDocument> {
  const text = (await read(FILES.meta)) ?? (await read(FILES.live));
  if (text === null) throw new RunlabError("not a run of runlab: the folder has neither run_meta.json nor live.json");
  const checked = checkMeta(text);
  if (checked.meta === null) throw new RunlabError(checked.problem);
  const meta: RunMeta = checked.meta;
  const problems: string[] = [];

  /** The parsed file, or `absent` with a line about it when it does not look right. */
  const json = async <T>(path: string, looksRight: (value: unknown) => boolean, absent: T): Promise<T> => {
    const content = await read(path);
    if (content === null) {
      if (meta.files.some((file) => file.path === path)) problems.push(`${path} is missing`);
      return absent;
    }
    try {
      const value: unknown = JSON.parse(content);
      if (looksRight(value)) return value as T;
    } catch {
      // Said below, together with JSON of the wrong kind.
    }
    problems.push(`${path} is damaged`);
    return absent;
  };

  const paths = meta.files.length > 0 ? meta.files.map((file) => file.path) : list ? await list() : [];
  const code: Record<string, string> = {};
  const plots: Record<string, Record<string, unknown>> = {};
  const [config, metrics, inputs, environment, historyText] = await Promise.all([
    json<RunConfig>(FILES.config, isConfig, { flags: meta.flags, steps: [] }),
    json<MetricRecord[]>(FILES.metrics, isMetrics, []),
    json<InputRecord[]>(FILES.inputs, isInputs, []),
    json<RunEnvironment | null>(FILES.environment, isEnvironment, null),
    read(FILES.history),
    ...codeFiles(paths).map(async (name) => {
      const content = await read(`code/${name}`);
      if (content !== null) setMember(code, name, content);
      else if (meta.files.some((file) => file.path === `code/${name}`)) problems.push(`code/${name} is missing`);
    }),
    ...plotNames(paths).map(async (name) => {
      const spec = await json<Record<string, unknown> | null>(`plots/${name}.vl.json`, isRecord, null);
      if (spec !== null) setMember(plots, name, spec);
    }),
  ]);
  const { points, problem } = parseHistory(historyText ?? "");
  if (problem !== null) problems.push(problem);
  else if (meta.status === "finished" && points.length < meta.history_points) {
    problems.push(`${FILES.history} holds ${points.length} of ${meta.history_points} points`);
  }
  return { meta, config, metrics, history: points, inputs, environment, code, plots, problems: problems.sort() };
}

/** The two programs are asked for even when no list of files exists, as in a live run. */
function codeFiles(paths: string[]): string[] {
  const names = new Set(["cell.ts", "run.ts"]);
  for (const path of paths) {
    const name = plainName(path, "code/", "");
    if (name !== null && (name.endsWith(".ts") || name.endsWith(".js"))) names.add(name);
  }
  return [...names];
}

const plotNames = (paths: string[]): string[] => paths.map((path) => plainName(path, "plots/", ".vl.json")).filter((name): name is string => name !== null);

/** The part of a path between folder and ending when it is one plain file name: a list from a foreign run names no other place. */
function plainName(path: string, folder: string, ending: string): string | null {
  if (typeof path !== "string" || !path.startsWith(folder) || !path.endsWith(ending)) return null;
  const name = path.slice(folder.length, path.length - ending.length);
  return name === "" || name.startsWith(".") || name.includes("/") || name.includes("\\") || name.includes("\0") ? null : name;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

const isConfig = (value: unknown): boolean =>
  isRecord(value) &&
  isRecord(own(value, "flags")) &&
  Array.isArray(own(value, "steps")) &&
  (value.steps as unknown[]).every((step) => isRecord(step) && typeof step.step === "string" && isRecord(step.params) && isTexts(step.chosen));

const isMetrics = (value: unknown): boolean =>
  Array.isArray(value) && value.every((metric) => isRecord(metric) && typeof metric.name === "string" && typeof metric.value === "number");

const isInputs = (value: unknown): boolean =>
  Array.isArray(value) && value.every((input) => isRecord(input) && typeof input.path === "string" && (input.schema === undefined || isSchema(input.schema)));

const isSchema = (value: unknown): boolean =>
  Array.isArray(value) && value.every((column) => isRecord(column) && typeof column.name === "string" && typeof column.type === "string");

const isEnvironment = (value: unknown): boolean =>
  isRecord(value) && [value.packages, value.variables].every((record) => isRecord(record) && Object.values(record).every((item) => typeof item === "string"));

const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === "string");
