/**
 * Reading a file as a table.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Table } from "apache-arrow";
import { announce } from "../observe/index.js";
import type { DataRole } from "../observe/index.js";
import { decodeParquet } from "./parquet.js";

export interface ReadOptions {
  columns?: string[];
  limit?: number;
  role?: DataRole;
}

export async function readTable(path: string, options: ReadOptions = {}): Promise<Table> {
  const bytes = await readFile(resolve(path));
  const table = decodeParquet(bytes, { columns: options.columns, limit: options.limit });
  announce({
    type: "read",
    path,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    bytes: bytes.length,
    rows: table.numRows,
    columns: table.numCols,
    role: options.role ?? (options.limit === undefined ? "processed" : "sample"),
    schema: table.schema.fields.map((field) => ({ name: field.name, type: String(field.type), nullable: field.nullable })),
  });
  return table;
}
