/**
 * How a value is shown, as a MIME bundle. Rules are tried in the order of the table; the first that answers wins, and
 * `util.inspect` shows the rest.
 */
import { inspect, types } from "node:util";
import type { MimeBundle } from "../protocol/messages.js";

/** A value with a method under this symbol says itself how it is shown: the method returns a MIME bundle. */
export const DISPLAY = Symbol.for("Jupyter.display");

const MAX_TEXT = 100_000;
/** A bundle larger than this would stall the browser; it is replaced by a line that says so. */
const MAX_BUNDLE_BYTES = 50_000_000;

interface Rule {
  /** What the rule is about, for the reader. */
  name: string;
  show(value: Record<PropertyKey, unknown>): MimeBundle | null;
}

type TablePreview = (table: unknown) => MimeBundle;
let tablePreview: TablePreview | null = null;

/** Gives the preview of Arrow tables, which the library knows. */
export function useTablePreview(preview: TablePreview): void {
  tablePreview = preview;
}

const RULES: readonly Rule[] = [
  {
    name: "says it itself",
    show: (value) => {
      if (typeof value[DISPLAY] !== "function") return null;
      const bundle: unknown = (value[DISPLAY] as () => unknown)();
      return isRecord(bundle) ? (bundle as MimeBundle) : null;
    },
  },
  {
    name: "Arrow table",
    show: (value) => (tablePreview !== null && isArrowTable(value) ? tablePreview(value) : null),
  },
  {
    name: "toHTML",
    show: (value) => (typeof value.toHTML === "function" ? { "text/html": String((value.toHTML as () => unknown)()), "text/plain": text(value) } : null),
  },
  { name: "vega-lite", show: vegaLite },
];

export function mimeBundle(value: unknown): MimeBundle {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || types.isProxy(value)) return { "text/plain": text(value) };
  for (const rule of RULES) {
    let bundle: MimeBundle | null;
    try {
      bundle = rule.show(value as Record<PropertyKey, unknown>);
    } catch (error) {
      // A value that cannot draw itself is still worth seeing.
      return { "text/plain": `${text(value)}\n(its own display failed, rule "${rule.name}": ${String(error)})` };
    }
    if (bundle !== null) return bounded(bundle);
  }
  return { "text/plain": text(value) };
}

/** The plain text of a value, cut when it is very long. */
export function text(value: unknown): string {
  let shown: string;
  try {
    shown = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 20_000, breakLength: 80 });
  } catch (error) {
    shown = `[${typeof value} that cannot be shown: ${String(error)}]`;
  }
  return shown.length > MAX_TEXT ? `${shown.slice(0, MAX_TEXT)}\n… ${shown.length - MAX_TEXT} more characters` : shown;
}

/** Replaces what no viewer could take. */
export function bounded(bundle: MimeBundle): MimeBundle {
  let bytes = 0;
  try {
    for (const part of Object.values(bundle)) bytes += typeof part === "string" ? part.length : (JSON.stringify(part)?.length ?? 0);
  } catch (error) {
    return { "text/plain": `[not shown: the data is not JSON: ${(error as Error).message}]` };
  }
  if (bytes <= MAX_BUNDLE_BYTES) return bundle;
  return { "text/plain": `[not shown: ${Math.round(bytes / 1e6)} MB are more than the ${MAX_BUNDLE_BYTES / 1e6} MB that one output may have]` };
}

const VEGA_LITE_PARTS = ["layer", "hconcat", "vconcat", "concat", "facet", "repeat"] as const;

function vegaLite(value: Record<PropertyKey, unknown>): MimeBundle | null {
  const schema = typeof value.$schema === "string" ? value.$schema : null;
  if (schema !== null && /\/schema\/vega\/v\d/.test(schema)) return { "application/vnd.vega.v5+json": value, "text/plain": "[vega plot]" };
  const isSpec =
    schema !== null ? schema.includes("/vega-lite/") : "mark" in value ? isRecord(value.encoding) : isRecord(value.data) && VEGA_LITE_PARTS.some((part) => part in value);
  if (!isSpec || typeof value.mark === "function") return null;
  return { "application/vnd.vegalite.v5+json": value, "text/plain": plotText(value) };
}

function plotText(spec: Record<PropertyKey, unknown>): string {
  const title = typeof spec.title === "string" ? spec.title : isRecord(spec.title) && typeof spec.title.text === "string" ? spec.title.text : null;
  return title === null ? "[vega-lite plot]" : `[vega-lite plot: ${title}]`;
}

function isArrowTable(value: Record<PropertyKey, unknown>): boolean {
  // By shape: a notebook may have its own copy of apache-arrow.
  return isRecord(value.schema) && Array.isArray(value.batches) && typeof value.getChild === "function" && typeof value.numRows === "number";
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
