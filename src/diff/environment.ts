/** Environment: only what differs is listed, since hundreds of equal versions tell nobody anything. */
import type { RunDocument, RunEnvironment } from "../runs/format/index.js";
import { listed, rowsOf, theSame } from "./rows.js";
import type { Cell, DiffSection } from "./types.js";

/** One row a plain field, in the order to show them. */
const FIELDS: { field: keyof RunEnvironment; label: string }[] = [
  { field: "node", label: "Node" },
  { field: "v8", label: "V8" },
  { field: "icu", label: "ICU" },
  { field: "platform", label: "platform" },
  { field: "arch", label: "architecture" },
  { field: "math_fingerprint", label: "Math functions" },
  { field: "cpu", label: "processor" },
  { field: "cores", label: "cores" },
];

export function environmentSection(runs: RunDocument[]): (DiffSection & { kind: "table" }) | null {
  if (runs.every((run) => run.environment === null)) return null;
  const rows = rowsOf(runs.map(({ environment }) => (environment === null ? new Map<string, Cell>() : cellsOf(environment)))).filter((row) => row.changed);
  const summary = rows.length === 0 ? theSame(runs.length) : listed(rows.length > 4 ? [...rows.slice(0, 3).map((row) => row.key), `${rows.length - 3} more`] : rows.map((row) => row.key));
  return { id: "environment", title: "Environment", kind: "table", changed: rows.length > 0, summary, rows };
}

function cellsOf(environment: RunEnvironment): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const { field, label } of FIELDS) {
    const value = environment[field];
    if (typeof value === "string") cells.set(label, field === "math_fingerprint" ? value.slice(0, 12) : value);
    else if (typeof value === "number") cells.set(label, value);
  }
  if (environment.kernel) cells.set("kernel", `${environment.kernel.name} ${environment.kernel.version} (${environment.kernel.engine})`);
  for (const [name, version] of Object.entries(environment.packages)) cells.set(`package ${name}`, version);
  for (const [name, value] of Object.entries(environment.variables)) cells.set(`variable ${name}`, value);
  return cells;
}
