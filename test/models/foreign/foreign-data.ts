/** The tables that the models of test/reference/foreign.py predict for, and what they are to predict. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Table, Float64, makeData, makeVector, Table as ArrowTable } from "apache-arrow";
import { columnNames, readTable, select, takeRows } from "../../../src/table/index.js";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ROWS = 10_000;

export interface Packed {
  type: "float32" | "float64";
  length: number;
  low: string;
  sha256: string;
  first: number[];
}
export interface Case {
  name: string;
  file: string;
  data: string;
  categories?: Record<string, string[]>;
  raw: Packed;
  predicted: Packed | null;
}

export const cases = (JSON.parse(readFileSync(at("../../reference/foreign.json"), "utf8")) as { cases: Case[] }).cases;
export const modelPath = (file: string): string => at(`../../reference/data/foreign/${file}`);

export function numberTable(columns: Record<string, Float64Array>): Table {
  return new ArrowTable(Object.fromEntries(Object.entries(columns).map(([name, data]) => [name, makeVector(makeData({ type: new Float64(), data }))]))) as unknown as Table;
}

const without = (table: Table, ...names: string[]): Table => select(table, columnNames(table).filter((name) => !names.includes(name)));

/** The awkward numbers, as the script draws them. */
function awkward(): Table {
  let state = 2463534242;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const columns = { a: new Float64Array(ROWS), b: new Float64Array(ROWS), c: new Float64Array(ROWS), code: new Float64Array(ROWS) };
  for (let i = 0; i < ROWS; i++) {
    columns.a[i] = (draw() % 2000) / 1000 - 1;
    // A list of Python's draws all its members, and the place last.
    const positive = (draw() % 100) / 7;
    columns.b[i] = [0, 1e-36, -1e-36, 1e-34, NaN, positive, -1.5][draw() % 7];
    columns.c[i] = draw() % 4 === 0 ? NaN : (draw() % 64) / 8;
    if (draw() % 3 === 0) {
      const code = draw() % 80;
      columns.code[i] = [NaN, -1, -0.5, 3.75, 1e12, code][Math.max(0, (draw() % 12) - 6)];
    } else columns.code[i] = draw() % 80;
  }
  return numberTable(columns);
}

const TABLES: Record<string, () => Table | Promise<Table>> = {
  flights: async () => takeRows(without(await readTable(at("../../../notebooks/data/flights_weather.parquet")), "late", "time_hour"), Int32Array.from({ length: ROWS }, (_, i) => 33 * i)),
  adult: async () => without(await readTable(at("../../reference/data/adult.parquet")), "y"),
  digits: async () => without(await readTable(at("../../reference/data/digits.parquet")), "y"),
  penguins: async () => without(await readTable(at("../../../notebooks/data/penguins.parquet")), "species"),
  awkward,
};
const made = new Map<string, Promise<Table>>();

export function dataOf(name: string): Promise<Table> {
  let table = made.get(name);
  if (table === undefined) made.set(name, (table = Promise.resolve(TABLES[name]())));
  return table;
}

/**
 * How far each number is from the original's, in units in the last place, as far as two bits tell; and whether the
 * numbers, set right by that much, are the original's to the bit. -2 stands for "2 or more".
 */
export function compared(ours: Float64Array, packed: Packed): { same: boolean; off: number } {
  const single = packed.type === "float32";
  const values = single ? Float32Array.from(ours) : Float64Array.from(ours);
  const step = single ? 1 : 2;
  const words = new Uint32Array(values.buffer);
  const low = Buffer.from(packed.low, "base64");
  let off = 0;
  for (let i = 0; i < values.length; i++) {
    const wanted = (low[i >> 2] >> (2 * (i & 3))) & 3;
    const difference = ((wanted - (words[i * step] & 3) + 6) & 3) - 2;
    off = Math.max(off, Math.abs(difference));
    const before = words[i * step];
    words[i * step] = before + difference;
    if (!single && difference < 0 && before === 0) words[i * step + 1]--;
    if (!single && difference > 0 && before === 0xffffffff) words[i * step + 1]++;
  }
  const sha256 = createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex");
  return { same: values.length === packed.length && sha256 === packed.sha256, off };
}
