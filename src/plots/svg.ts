/**
 * A vega-lite specification as SVG, without a browser.
 *
 * Specifications are data from anywhere: expressions are interpreted and never compiled to code, and nothing is loaded,
 * neither from the network nor from the disk. A specification that names a URL is refused.
 */
import { RunlabError } from "../errors.js";

/** Rows beyond which a picture of every row is refused: it would take seconds and megabytes. */
export const SVG_ROWS = 5_000;

/**
 * Draws a vega-lite (version 5) specification.
 *
 * @throws RunlabError when it holds more than 5,000 rows of data or names data outside of itself; vega's own error when
 * it is no specification.
 * @example
 * const svg = await renderSvg({ data: { values: [{ x: 1, y: 2 }] }, mark: "point", encoding: { x: { field: "x" }, y: { field: "y" } } });
 */
export async function renderSvg(spec: Record<string, unknown>): Promise<string> {
  const rows = countRows(spec);
  if (rows > SVG_ROWS) throw new RunlabError("a plot of this many rows is not drawn as SVG", { received: rows, allowed: `up to ${SVG_ROWS} rows` });
  const [vega, { compile }, { expressionInterpreter }] = await Promise.all([import("vega"), import("vega-lite"), import("vega-interpreter")]);
  const { Warn, loader, logger, parse, View } = vega;
  const quiet = logger(Warn);
  for (const level of ["warn", "info", "debug", "error"] as const) quiet[level] = () => quiet;
  const compiled = compile(spec as unknown as Parameters<typeof compile>[0], { logger: quiet });
  const nothing = loader();
  let failure: unknown = null;
  const refusal = new RunlabError("a plot holds its data; nothing is loaded for it", { allowed: "data: { values: [...] }" });
  nothing.load = async () => {
    // vega takes a failed load for empty data and draws on: the refusal is kept for the end.
    failure ??= refusal;
    throw refusal;
  };
  nothing.sanitize = async () => {
    throw refusal;
  };
  const view = new View(parse(compiled.spec, undefined, { ast: true } as never), {
    expr: expressionInterpreter as never,
    loader: nothing,
    logger: quiet,
    renderer: "none",
  });
  quiet.error = (...messages: unknown[]) => {
    failure ??= messages.find((message) => message instanceof Error) ?? new Error(messages.map(String).join(" "));
    return quiet;
  };
  try {
    const svg = await view.toSVG();
    if (failure !== null) throw failure;
    return svg;
  } finally {
    view.finalize();
  }
}

/** Rows of every inline table in the specification, nested views included. */
export function countRows(spec: unknown): number {
  let rows = 0;
  const waiting: unknown[] = [spec];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (value === null || typeof value !== "object") continue;
    for (const [key, member] of Object.entries(value)) {
      // Rows themselves hold no views: they are counted and not looked into.
      if (key === "values" && Array.isArray(member)) rows += member.length;
      else if (key === "datasets" && member !== null && typeof member === "object") for (const set of Object.values(member)) rows += Array.isArray(set) ? set.length : 0;
      else waiting.push(member);
    }
  }
  return rows;
}
