/** A vega-lite specification from a run folder, made harmless: it may have been written by anyone. */

/** Members that can reach out of the picture: load something, link somewhere, or change how the picture is embedded. */
const REACHES_OUT = new Set(["url", "href", "usermeta", "loader"]);
/** Members that hold data; names within it mean nothing. */
const DATA = new Set(["values", "datasets"]);

/**
 * A copy of the specification without what would load from an address, link to one or set options of the page. A chart
 * that needs its data from an address is drawn empty.
 */
export function safeSpec(spec: Record<string, unknown>): Record<string, unknown> {
  return clean(spec) as Record<string, unknown>;
}

function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  const kept: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (REACHES_OUT.has(key) || key === "__proto__") continue;
    kept[key] = DATA.has(key) ? member : clean(member);
  }
  return kept;
}
