/** Data: what was read, by path, with the columns whose type changed. */
import type { RunDocument } from "../runs/format/index.js";
import { count, listed, rowsOf, theSame } from "./rows.js";
import type { Cell, DiffSection } from "./types.js";

/** Characters of a hash that a person compares. */
const HASH_LENGTH = 12;

export function dataSection(runs: RunDocument[]): (DiffSection & { kind: "table" }) | null {
  const rows = rowsOf(runs.map(({ inputs }) => {
    const cells = new Map<string, Cell>();
    for (const input of inputs) {
      cells.set(`${input.path}: content`, String(input.sha256).slice(0, HASH_LENGTH));
      if (input.rows !== null) cells.set(`${input.path}: rows`, input.rows);
      if (input.columns !== null) cells.set(`${input.path}: columns`, input.columns);
      cells.set(`${input.path}: role`, input.role);
      for (const column of input.schema ?? []) cells.set(`${input.path}: type of ${column.name}`, column.nullable ? `${column.type}, may be missing` : column.type);
    }
    return cells;
  }));
  if (rows.length === 0) return null;
  const changed = rows.some((row) => row.changed);
  return { id: "data", title: "Data", kind: "table", changed, summary: changed ? summary(runs) : theSame(runs.length), rows };
}

function summary(runs: RunDocument[]): string {
  const paths = new Set(runs.flatMap((run) => run.inputs.map((input) => input.path)));
  let content = 0;
  let others = 0;
  let otherwise = 0;
  for (const path of paths) {
    const records = runs.map((run) => run.inputs.find((input) => input.path === path));
    if (records.some((record) => record === undefined)) others += 1;
    else if (new Set(records.map((record) => record?.sha256)).size > 1) content += 1;
    else if (new Set(records.map((record) => JSON.stringify([record?.rows, record?.columns, record?.role, record?.schema]))).size > 1) otherwise += 1;
  }
  const parts = [];
  if (content > 0) parts.push(`${count(content, "file")} changed`);
  if (others > 0) parts.push(`${count(others, "file")} not read by all`);
  if (otherwise > 0) parts.push(`${count(otherwise, "file")} read in another way`);
  return listed(parts);
}
