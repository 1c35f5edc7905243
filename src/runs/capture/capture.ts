/**
 * One run being recorded: listens to what the library announces and what the cell prints, shows and opens, and writes the
 * run folder. The user's code knows nothing of it.
 *
 * Guarantees: the folder exists, with code, config and environment, before the cell starts. What is known so far is on the
 * disk about a second later, also in a loop that never gives the thread back, as long as it logs or prints. A failure to
 * record one thing becomes a note and never disturbs the cell; `Math.random` and the library's seed are put back whatever
 * happens.
 */
import { createHash } from "node:crypto";
import { basename, extname, relative, resolve, sep } from "node:path";
import { elapsed, now } from "../../clock.js";
import type { ObservedEvent } from "../../observe/index.js";
import { drawSeed, stream } from "../../random/index.js";
import {
  canonicalJson,
  codeInput,
  configInput,
  dataInput,
  environmentInput,
  FILES,
  type ConfigValue,
  type CrossValidationRecord,
  type InputName,
  type RunCard,
  type RunConfig,
  type RunEnvironment,
  type RunError,
  type RunMeta,
} from "../format/index.js";
import type { EndChanges, LiveRun } from "../store/index.js";
import { close, from, innermost, open, type ActiveRun } from "./active.js";
import { track, untrack } from "./exit.js";
import { environment, projectPackages } from "./environment.js";
import { FileLog } from "./file-log.js";
import { UniqueNames } from "./file-name.js";
import { unwatched, watchFiles } from "./file-watch.js";
import { gitSnapshot, type GitSnapshot } from "./git.js";
import { PeakMemory } from "./memory.js";
import { MetricLog } from "./metric-log.js";
import { runError } from "./run-error.js";
import { OutputLog } from "./output-log.js";
import { plainValue } from "./plain-value.js";
import { previousRun, rememberRun, storeAt } from "./previous.js";
import { programText, type CodeForm } from "./program.js";
import { followInnermost } from "./randomness.js";
import { reportText, type ReportMeta } from "./report.js";

/** Milliseconds between two updates of a live card, at least. */
const CARD_MS = 100;
/** Milliseconds between two writes of what is known so far, at least. */
const CHECKPOINT_MS = 1_000;
/** A checkpoint may take this share of the run's time. */
const CHECKPOINT_SHARE = 0.02;
/** Bytes of models kept per run. */
const MODEL_BYTES = 200_000_000;
/** Bytes of one extra field. */
const FIELD_BYTES = 1_000_000;
/** Milliseconds between two tries to write an end that the disk refused. */
const RETRY_MS = 5_000;
/** Milliseconds that the end of a run waits for git. */
const GIT_WAIT_MS = 3_000;

export interface CaptureOptions {
  storeRoot: string;
  /** The working folder: the notebook's. Paths are recorded relative to it. */
  folder: string;
  /** Default: the notebook's name without its ending, else "run". */
  name?: string;
  /** Flags of the magic line, without `seed`. */
  flags: Record<string, ConfigValue>;
  /** Undefined: one is drawn and recorded. */
  seed: number | undefined;
  /** The cell as written, magic line included. */
  code: string;
  /** What kind of code it is. Default "cell". */
  form?: CodeForm;
  /** The magic line, or what else would start it again. */
  command: string;
  notebook: RunMeta["notebook"];
  tags?: string[];
  /** Default: the run inside which this one starts. */
  parent?: string;
  kernel: RunEnvironment["kernel"];
  /** Called at most ten times a second with the card so far, also from inside a synchronous loop. */
  onUpdate?(card: RunCard): void;
}

export interface Outcome {
  status: "finished" | "failed" | "interrupted";
  error?: RunError;
}

/**
 * Starts to record. Until `finish`, everything that the library does in this process counts to this run, or to one that is
 * started inside it.
 *
 * @throws RunlabError when the store cannot be written or the seed is none; nothing is recorded then, and nothing changed.
 */
export async function startCapture(options: CaptureOptions): Promise<Capture> {
  const seed = options.seed ?? drawSeed();
  const draws = stream("Math.random", seed);
  const outer = innermost();
  const store = storeAt(resolve(options.storeRoot));
  const packages = unwatched(() => projectPackages(options.folder, options.code));
  const surroundings = unwatched(() => environment(packages.used, options.kernel));
  const flags = plainValue(options.flags) as Record<string, ConfigValue>;
  const config: RunConfig = { flags, steps: [] };
  const command = options.seed === undefined ? withSeed(options.command, seed) : options.command;
  const live = await store.start(
    {
      name: nameOf(options),
      seed,
      seed_drawn: options.seed === undefined,
      command,
      notebook: options.notebook,
      flags,
      tags: options.tags ?? [],
      parent: options.parent ?? outer?.id ?? null,
      inputs: { code: hash(codeInput(options.code)), data: null, config: null, seed: hash(seed), environment: hash(environmentInput(surroundings)) },
    },
    {
      [FILES.cell]: options.code,
      [FILES.config]: json(config),
      [FILES.environment]: json(surroundings),
      ...(packages.installed !== null ? { [FILES.packages]: packages.installed } : {}),
      ...(packages.lockfile !== null ? { [FILES.lockfile]: packages.lockfile } : {}),
    },
  );
  const capture = new Capture(options, live, config, surroundings, draws, gitSnapshot(options.folder, store.root), previousRun(store, live.meta).catch(() => null));
  watchFiles();
  track(capture);
  open(capture);
  followInnermost();
  return capture;
}

export class Capture implements ActiveRun {
  readonly id: string;
  readonly name: string;
  readonly seed: number;
  /** The run's folder. */
  readonly runFolder: string;
  /** As given: what a run inside this one inherits. */
  readonly options: CaptureOptions;

  private readonly metrics = new MetricLog();
  private readonly printed = new OutputLog();
  private readonly files: FileLog;
  private readonly memory = new PeakMemory();
  private readonly tableNames = new UniqueNames();
  private readonly plotNames = new UniqueNames();
  private readonly started = elapsed();
  private readonly tags: string[];
  private readonly fields: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  private readonly notes: string[] = [];
  private readonly models: RunMeta["models"] = [];
  private readonly crossValidations: CrossValidationRecord[] = [];
  private readonly plots: { name: string; spec: Record<string, unknown> }[] = [];
  private readonly tables: Promise<void>[] = [];
  private modelBytes = 0;
  private modelsLeftOut = 0;
  private points = 0;
  private threshold: RunMeta["threshold"] = null;
  private git: GitSnapshot | null = null;
  private before: string | null = null;
  /** What the end record will hold; null while the cell runs. */
  private end: EndChanges | null = null;
  private publishing: Promise<RunMeta> | null = null;
  private ended: { meta: RunMeta } | null = null;
  private status: RunMeta["status"] = "running";
  private error: RunError | null = null;

  /** The cell's own time, end and peak of memory: set once, when it ends and the recorder's work begins. */
  private duration = 0;
  private endedAt = "";
  private peak = 0;

  private lastCard = elapsed();
  private lastCheckpoint = elapsed();
  private checkpointCost = 0;
  private timer: NodeJS.Timeout | null = null;
  private cardDue = false;
  private stepsWritten = 0;
  private outputWritten = 0;

  constructor(
    options: CaptureOptions,
    private readonly live: LiveRun,
    private readonly config: RunConfig,
    private readonly environment: RunEnvironment,
    private readonly draws: { next(): number },
    private readonly gitLook: Promise<GitSnapshot | null>,
    private readonly previous: Promise<string | null>,
  ) {
    this.options = options;
    this.name = nameOf(options);
    this.id = live.id;
    this.seed = live.meta.seed;
    this.runFolder = live.folder;
    this.tags = [...(options.tags ?? [])];
    this.files = new FileLog(resolve(options.folder), resolve(options.storeRoot));
    // Known as soon as they are: a card shows the previous run while this one is in progress.
    void gitLook.then((git) => (this.git = git));
    void previous.then((id) => (this.before = id));
  }

  /** The run as it stands, for a card. */
  card(): RunCard {
    const meta = this.ended?.meta;
    return {
      id: this.id,
      name: this.name,
      status: this.status,
      store: this.shownStore(),
      seed: this.seed,
      seed_drawn: this.options.seed === undefined,
      started_at: this.live.meta.started_at,
      duration_ms: meta?.duration_ms ?? (this.status === "running" ? null : Math.round(elapsed() - this.started)),
      main_metric: this.metrics.main(),
      metrics: this.metrics.finite(),
      metric_directions: this.metrics.directions(),
      flags: this.config.flags,
      inputs: this.files.known().map(({ path, rows, role }) => ({ path, rows, role })),
      history_points: this.points,
      previous: this.before,
      error: this.error === null ? null : { name: this.error.name, message: this.error.message },
    };
  }

  /** Text that the cell printed. Runs that are open inside this one keep it too. */
  output(name: "stdout" | "stderr", text: string): void {
    for (const run of from(this)) run.log(name, text);
  }

  /** The cell's last expression: a plain object of finite numbers becomes metrics, anything else is left alone. Never throws. */
  result(value: unknown): void {
    try {
      this.takeResult(value);
    } catch (error) {
      // A getter or a proxy of the user's; whoever calls this still has to end the run.
      this.note(`the cell's last expression could not be read: ${lineOf(error)}`);
    }
  }

  private takeResult(value: unknown): void {
    if (value === null || typeof value !== "object") return;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return;
    const entries = Object.entries(value);
    if (entries.length === 0 || !entries.every(([, item]) => typeof item === "number" && Number.isFinite(item))) return;
    // What evaluate returned was reported by evaluate already.
    for (const [name, item] of entries) if (!this.metrics.has(name, item as number)) this.metrics.set(name, item as number, "result");
    this.changed();
  }

  /** A vega-lite specification that was shown. */
  plot(name: string, spec: Record<string, unknown>): void {
    let copy: Record<string, unknown>;
    try {
      // As it was when it was shown.
      copy = JSON.parse(JSON.stringify(spec)) as Record<string, unknown>;
    } catch {
      this.note(`the plot ${JSON.stringify(name)} is no JSON and is not kept`);
      return;
    }
    const text = canonicalOr(copy);
    // A plot that evaluate announced and the cell then showed is one plot.
    if (this.plots.some((plot) => canonicalOr(plot.spec) === text)) return;
    const unique = this.plotNames.take(name);
    this.plots.push({ name: unique, spec: copy });
    this.write(`plots/${unique}.vl.json`, JSON.stringify(copy));
  }

  /**
   * Ends the run and writes what is left: hashes, metrics, plots as SVG, the report and the end record. First of all, and
   * whatever fails later, the process is as it was before the run: seed, `Math.random`, the stack of runs. What cannot be
   * gathered or written becomes a note of the end record.
   *
   * @throws RunlabError, one line, when the end itself cannot be written (a full disk); the cell's results are untouched.
   * `finish` may be called again; if it is not, the end is tried again every few seconds and when the process exits.
   */
  async finish({ status, error }: Outcome): Promise<RunMeta> {
    if (this.ended !== null) return this.ended.meta;
    this.leave();
    this.status = status;
    this.error = error ?? null;
    // What is certain by now, for an exit in the middle of what follows.
    this.end = { ...this.known(), status, error: this.error, ended_at: this.endedAt, duration_ms: this.duration, peak_memory_bytes: this.peak, notes: this.notes };
    this.end = await this.complete(this.end);
    return this.publish(this.end);
  }

  /** The process is no longer this run's: events, seed and `Math.random` go to the run around it, or to nobody. */
  private leave(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.status !== "running") return;
    let nested = true;
    try {
      nested = close(this);
    } finally {
      followInnermost();
    }
    if (!nested) this.note("another run started later and was still open when this one ended: what they did may be mixed up");
    // The last moment of the cell's own: what follows is the recorder's work.
    this.duration = Math.round(elapsed() - this.started);
    this.endedAt = new Date(now()).toISOString();
    this.peak = this.memory.peak();
  }

  /** Gathers and writes everything but the end record; each thing that fails is a note, and the next one is still tried. */
  private async complete(end: EndChanges): Promise<EndChanges> {
    const [files] = await Promise.all([
      this.attempt("the files that the cell read and wrote", () => this.files.finish(), { inputs: this.files.known(), written: [], notes: [] }),
      Promise.all(this.tables),
      this.drawPlots(),
    ]);
    this.git = await atMost(GIT_WAIT_MS, this.gitLook, null);
    this.before = await atMost(GIT_WAIT_MS, this.previous, null);
    for (const line of [...files.notes, ...this.metrics.notes()]) this.note(line);
    if (this.modelsLeftOut > 0) this.note(`${this.modelsLeftOut} fitted models are not kept: a run keeps ${MODEL_BYTES / 1e6} MB of models`);
    if (this.git?.note) this.note(this.git.note);
    const config = await this.attempt("the config", () => hash(configInput(this.config, this.seed)), null);
    const inputs: Record<InputName, string | null> = {
      code: this.live.meta.inputs.code,
      data: hash(dataInput(files.inputs)),
      config,
      seed: hash(this.seed),
      environment: this.live.meta.inputs.environment,
    };
    const meta = { ...end, ...this.known(), inputs, git: this.git?.state ?? null, written: files.written, notes: this.notes };
    const form = this.options.form ?? "cell";
    const { git } = this;
    await this.put(FILES.config, () => json(this.config));
    await this.put(FILES.metrics, () => json(this.metrics.list()));
    await this.put(FILES.inputs, () => json(files.inputs));
    await this.put(FILES.program, async () => programText({ name: this.name, form, cell: this.options.code, seed: this.seed, flags: this.config.flags, exports: form === "script" ? [] : await libraryExports() }));
    if (git !== null) await this.put(FILES.git, () => json(git.state));
    if (git !== null && git.patch.length > 0) await this.put(FILES.patch, () => git.patch);
    if (this.printed.size > 0) await this.put(FILES.output, () => this.printed.text());
    await this.put(FILES.report, () => reportText({ ...this.live.meta, ...meta } as ReportMeta, this.config, this.metrics.list(), files.inputs));
    return meta;
  }

  private async attempt<T>(what: string, work: () => T | Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.note(`${what} could not be recorded: ${lineOf(error)}`);
      return otherwise;
    }
  }

  private put(place: string, content: () => string | Uint8Array | Promise<string>): Promise<void> {
    return this.attempt(place, async () => this.live.write(place, await content()), undefined);
  }

  private publish(end: EndChanges): Promise<RunMeta> {
    this.publishing ??= this.tryToPublish(end).finally(() => (this.publishing = null));
    return this.publishing;
  }

  private async tryToPublish(end: EndChanges): Promise<RunMeta> {
    try {
      return this.settle(await this.live.finish(end));
    } catch (error) {
      this.retryLater();
      throw error;
    }
  }

  private settle(record: RunMeta): RunMeta {
    this.ended = { meta: record };
    untrack(this);
    rememberRun(storeAt(resolve(this.options.storeRoot)), record);
    return record;
  }

  /** For a kernel that lives on: the run's work is done, and it is over as soon as the disk takes its end. */
  private retryLater(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.ended === null && this.end !== null) this.publish(this.end).catch(() => undefined);
    }, RETRY_MS);
    this.timer.unref();
  }

  /** The process exits: what is known goes to the disk at once, and a run whose work is done is ended. Never throws. */
  atExit(): void {
    try {
      if (this.end !== null) this.settle(this.live.finishNow(this.end));
      else this.checkpoint({ now: true });
    } catch {
      // Nobody is left to be told; whoever lists the runs closes this one from what it left.
    }
  }

  // What the process tells the innermost run.

  draw(): number {
    return this.draws.next();
  }

  log(_name: "stdout" | "stderr", text: string): void {
    this.printed.add(text);
    this.changed();
  }

  fileRead(path: string): void {
    this.files.fileRead(path);
  }

  fileWritten(path: string): void {
    unwatched(() => this.files.fileWritten(path));
  }

  event(event: ObservedEvent): void {
    try {
      this.take(event);
    } catch (error) {
      this.note(`something of the kind "${event.type}" could not be recorded: ${lineOf(error)}`);
    }
    this.changed();
  }

  private take(event: ObservedEvent): void {
    // Points come by the thousand, and asking for the memory is a system call.
    if (event.type !== "log" && event.type !== "metric") this.memory.sample();
    switch (event.type) {
      case "read":
        this.files.table(event);
        break;
      case "write":
        this.files.tableWritten(event);
        break;
      case "split":
        this.split(event.details);
        break;
      case "fit":
        this.config.steps.push({ step: event.estimator, params: plainValue(event.params) as RunConfig["steps"][number]["params"], chosen: [...event.chosen] });
        this.keepModel(event);
        break;
      case "crossValidation":
        this.crossValidated(event);
        break;
      case "metric":
        this.metrics.set(event.name, event.value, event.source, event.greaterIsBetter, event.details === undefined ? undefined : (plainValue(event.details) as Record<string, unknown>));
        break;
      case "log":
        this.logged(event.values, event.step);
        break;
      case "table":
        this.keepTable(event);
        break;
      case "plot":
        this.plot(event.name, event.spec);
        break;
      case "schema":
        this.write(FILES.schema, json(event.schema));
        break;
      case "progress":
        break;
    }
  }

  /** A split is a step of the config: its options, without how many rows came of it. */
  private split(details: Record<string, unknown>): void {
    const { rows: _rows, chosen, features, ...options } = details;
    const names = Array.isArray(chosen) ? chosen.map(String) : [];
    // Features that nobody chose are the table's columns, which the data's own record holds.
    const params = plainValue(names.includes("features") ? { ...options, features } : options) as Record<string, ConfigValue>;
    this.config.steps.push({ step: "split", params, chosen: names });
  }

  /** A step of the config: what was judged and on which folds. What came of it goes to a file of its own. */
  private crossValidated({ record, chosen }: ObservedEvent & { type: "crossValidation" }): void {
    const plain = plainValue(record) as unknown as CrossValidationRecord;
    const { model, params, target, splitter, seed, metrics, search } = plain;
    const space = search === null ? {} : { space: search.space, metric: search.metric };
    this.config.steps.push({ step: search?.kind ?? "crossValidate", params: { model, target, splitter, seed, metrics, ...(search === null ? { params } : space) } as unknown as RunConfig["steps"][number]["params"], chosen: [...chosen] });
    this.crossValidations.push(plain);
    this.write(FILES.crossValidations, json(this.crossValidations));
  }

  private logged(values: Record<string, unknown>, step: number | undefined): void {
    const numbers = new Map<string, number>();
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === "number") numbers.set(name, value);
      else if (name === "tags" && Array.isArray(value)) this.tags.push(...value.map(String).filter((tag) => !this.tags.includes(tag)));
      else if (name === "threshold" && isThreshold(value)) this.threshold = { value: value.value, rationale: value.rationale };
      else this.field(name, value);
    }
    if (numbers.size === 0) return;
    const points = this.metrics.log(numbers, step, Math.round(elapsed() - this.started));
    if (points.length === 0) return;
    this.points += points.length;
    try {
      this.live.appendHistory(points);
    } catch (error) {
      this.note(`the metric history is not complete: ${lineOf(error)}`);
    }
  }

  private field(name: string, value: unknown): void {
    const plain = plainValue(value);
    const size = JSON.stringify(plain).length;
    if (size > FIELD_BYTES) this.note(`the field ${JSON.stringify(name.slice(0, 80))} is larger than ${FIELD_BYTES / 1e6} MB and is not kept`);
    else this.fields[name] = plain;
  }

  private keepModel({ estimator, rows, features, model }: ObservedEvent & { type: "fit" }): void {
    if (this.modelsLeftOut > 0) {
      this.modelsLeftOut += 1;
      return;
    }
    let bytes: Uint8Array;
    try {
      // Bytes, which the store writes as they are: looking for secrets in a hundred megabytes of weights takes seconds.
      bytes = Buffer.from(JSON.stringify(model.toJSON()));
    } catch (error) {
      this.note(`a fitted ${estimator} could not be kept: ${lineOf(error)}`);
      return;
    }
    if (this.modelBytes + bytes.length > MODEL_BYTES) {
      this.modelsLeftOut += 1;
      return;
    }
    this.modelBytes += bytes.length;
    const file = `model/${this.models.length + 1}-${estimator.replace(/[^A-Za-z0-9_-]/g, "").slice(0, 60) || "model"}.json`;
    this.models.push({ file, estimator, rows, features: features.length });
    this.write(file, bytes);
  }

  private keepTable({ name, table, format = "parquet" }: ObservedEvent & { type: "table" }): void {
    const place = `tables/${this.tableNames.take(name)}.${format}`;
    const writing = async (): Promise<void> => {
      const encode = format === "csv" ? (await import("../../table/text-write.js")).encodeCsv : (await import("../../table/parquet.js")).encodeParquet;
      await this.live.write(place, encode(table));
    };
    this.tables.push(writing().catch((error: unknown) => this.note(`${place} could not be written: ${lineOf(error)}`)));
  }

  private async drawPlots(): Promise<void> {
    for (const { name, spec } of this.plots) {
      try {
        const { renderSvg } = await import("../../plots/svg.js");
        await this.live.write(`plots/${name}.svg`, await renderSvg(spec));
      } catch (error) {
        this.note(`no SVG of the plot ${name}: ${lineOf(error)}`);
      }
    }
  }

  private write(place: string, content: string | Uint8Array): void {
    this.live.write(place, content).catch((error: unknown) => this.note(`${place} could not be written: ${lineOf(error)}`));
  }

  private note(line: string): void {
    if (!this.notes.includes(line)) this.notes.push(line);
  }

  private shownStore(): string {
    const path = relative(resolve(this.options.folder), resolve(this.options.storeRoot)).split(sep).join("/");
    const parts = path.split("/");
    // Below the notebook, or in a folder above it: only ".." up to the store's own name.
    const near = !parts.includes("..") || parts.slice(0, -1).every((part) => part === "..");
    return near && !path.includes(":") ? path : resolve(this.options.storeRoot);
  }

  /** The record as far as it is known while the cell runs. */
  private known(): Omit<EndChanges, "status"> & { metrics: Record<string, number> } {
    return {
      metrics: this.metrics.latest(),
      main_metric: this.metrics.main(),
      metric_directions: this.metrics.directions(),
      models: this.models.slice(),
      tags: this.tags.slice(),
      threshold: this.threshold,
      fields: { ...this.fields },
    };
  }

  /** Something happened: the card and the disk follow, each at its own pace. Driven by the clock and not by timers alone. */
  private changed(): void {
    if (this.status !== "running") return;
    this.cardDue = true;
    const time = elapsed();
    if (time - this.lastCard >= CARD_MS) this.showCard();
    if (time - this.lastCheckpoint >= this.pause()) this.checkpoint();
    if (this.timer === null) {
      this.timer = setTimeout(() => {
        this.timer = null;
        if (this.status !== "running") return;
        if (this.cardDue) this.showCard();
        if (elapsed() - this.lastCheckpoint >= this.pause()) this.checkpoint();
        else this.wakeForCheckpoint();
      }, CARD_MS);
      this.timer.unref();
    }
  }

  private wakeForCheckpoint(): void {
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.status === "running") this.checkpoint();
    }, CHECKPOINT_MS);
    this.timer.unref();
  }

  private pause(): number {
    return Math.max(CHECKPOINT_MS, this.checkpointCost / CHECKPOINT_SHARE);
  }

  private showCard(): void {
    this.cardDue = false;
    this.lastCard = elapsed();
    if (this.options.onUpdate === undefined) return;
    try {
      this.options.onUpdate(this.card());
    } catch {
      // Whoever draws the card reports on its own channel.
    }
  }

  /** Writes what a reader, or whoever closes the run after a crash, would miss. */
  private checkpoint({ now: atOnce = false } = {}): void {
    const begin = elapsed();
    this.memory.sample();
    try {
      const changes = { ...this.known(), peak_memory_bytes: this.memory.peak(), git: this.git?.state ?? null };
      if (atOnce) this.live.checkpoint(changes);
      else this.live.update(changes);
    } catch (error) {
      this.note(`the state of the run could not be shown: ${lineOf(error)}`);
    }
    if (this.config.steps.length !== this.stepsWritten) this.write(FILES.config, json(this.config));
    this.stepsWritten = this.config.steps.length;
    if (this.metrics.list().length > 0) this.write(FILES.metrics, json(this.metrics.list()));
    const inputs = this.files.known();
    if (inputs.length > 0) this.write(FILES.inputs, json(inputs));
    if (this.printed.version !== this.outputWritten) this.write(FILES.output, this.printed.text());
    this.outputWritten = this.printed.version;
    this.lastCheckpoint = elapsed();
    this.checkpointCost = this.lastCheckpoint - begin;
  }
}

/** The names that a cell may use of this library; asked for by its public name, as the cell would. */
let exported: Promise<string[]> | null = null;
function libraryExports(): Promise<string[]> {
  const library: string = "runlab";
  exported ??= import(library).then((names: object) => Object.keys(names), () => []);
  return exported;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A cell that starts with a bare `%%run` is known by its notebook. */
function nameOf({ name, notebook }: CaptureOptions): string {
  if (name !== undefined && name.trim() !== "") return name;
  const stem = notebook === null ? "" : basename(notebook.path, extname(notebook.path)).trim();
  return stem === "" ? "run" : stem;
}

function hash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function canonicalOr(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}

/** `%%run forest` with the seed that was drawn; a line that names one is left as it is. */
function withSeed(command: string, seed: number): string {
  return command.startsWith("%%") && !/\s--seed(\s|=|$)/.test(command) ? `${command} --seed ${seed}` : command;
}

function isThreshold(value: unknown): value is { value: number; rationale: string } {
  const { value: number, rationale } = (value ?? {}) as { value?: unknown; rationale?: unknown };
  return typeof number === "number" && Number.isFinite(number) && typeof rationale === "string";
}

function lineOf(error: unknown): string {
  return runError(error).message.split("\n")[0].slice(0, 300);
}

function atMost<T>(milliseconds: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((done) => {
    timer = setTimeout(() => done(otherwise), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
