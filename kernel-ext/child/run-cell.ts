/** A `%%run` cell: what the cell does is recorded, and its card is kept up to date below it. */
import path from "node:path";
import type { RunCard } from "runlab/format";
import type { Outcome } from "../engines/engine.js";
import { runRequest } from "../magics/run.js";
import type { ParsedMagic } from "../magics/magic.js";
import { send } from "./channel.js";
import { onDisplay } from "./display.js";
import { onOutput } from "./streams.js";
import type { CellOrder } from "./messages.js";

const PLOT = "application/vnd.vegalite.v5+json";

export interface RunningRun {
  readonly seed: number;
  /** Keeps the numbers of the cell's value. Reads its properties, which may be code of the user's. */
  result(value: unknown): void;
  /** Stops listening and writes the end of the run. */
  finish(outcome: Outcome, interrupted: boolean): Promise<void>;
}

export interface RunCellOptions {
  /** The notebook's folder. */
  folder: string;
  kernel: { name: string; version: string; engine: string };
}

export async function startRun(order: CellOrder, magic: ParsedMagic, options: RunCellOptions): Promise<RunningRun> {
  const [{ findStore, startCapture }, { runCardBundle }] = await Promise.all([import("runlab/runs"), import("runlab/format")]);
  const storeRoot = findStore(options.folder);
  const request = runRequest(magic);
  let first = true;
  const show = (card: RunCard): void => {
    send(order.cell, { type: "run_card", card, bundle: runCardBundle(card), first });
    first = false;
  };
  const capture = await startCapture({
    storeRoot,
    folder: options.folder,
    name: request.name ?? undefined,
    flags: request.flags,
    tags: request.tags,
    seed: request.seed ?? undefined,
    code: order.code,
    command: magic.line,
    notebook: notebook(order, storeRoot),
    kernel: options.kernel,
    onUpdate: show,
  });
  send(order.cell, { type: "run_started", id: capture.id, storeRoot });
  if (first) show(capture.card());

  let plots = 0;
  const stops = [
    onOutput((name, text, cell) => {
      if (cell === order.cell) capture.output(name, text);
    }),
    onDisplay((_value, data) => {
      const spec = data[PLOT];
      if (isRecord(spec)) capture.plot(plotName(spec, ++plots), spec);
    }),
  ];
  return {
    seed: capture.seed,
    result: (value) => capture.result(value),
    async finish(outcome, interrupted) {
      for (const stop of stops) stop();
      if (outcome.status === "ok") await capture.finish({ status: "finished" });
      else await capture.finish({ status: interrupted ? "interrupted" : "failed", error: outcome.error });
      show(capture.card());
    },
  };
}

/** Jupyter's server names the notebook in the kernel's environment; a kernel started by hand has none. */
function notebook(order: CellOrder, storeRoot: string): { path: string; cell_id: string | null; execution_count: number | null } | null {
  const file = process.env.JPY_SESSION_NAME;
  if (file === undefined || file === "") return null;
  const relative = path.relative(path.dirname(storeRoot), path.resolve(file));
  return { path: relative.split(path.sep).join("/"), cell_id: order.cellId, execution_count: order.count };
}

function plotName(spec: Record<string, unknown>, number: number): string {
  const title = typeof spec.title === "string" ? spec.title : isRecord(spec.title) && typeof spec.title.text === "string" ? spec.title.text : "";
  const slug = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);
  return slug === "" ? `plot-${number}` : slug;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
