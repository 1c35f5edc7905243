/**
 * The bins that boosting grows on: quantiles with room for values that occur often, and a bin a category.
 */
import { type Lease, leaseMemory, startCrew } from "../../kernels/index.js";
import { type CategoryBins, type FeatureBins, MISSING_BIN, MOST_BINS, binCount, writeBins } from "./bins.js";
import { type BoostColumn, ROWS_FOR_EDGES, boostEdges, wholeRange } from "./boost-edges.js";

/** A table in bins, one column after another. */
export interface BoostBins {
  readonly rows: number;
  /** How each column was cut: what a fitted model keeps. */
  readonly features: readonly FeatureBins[];
  /** Bins in use per feature, the missing bin not counted. */
  readonly counts: Uint16Array;
  /** Per feature whether a value is missing. */
  readonly missing: Uint8Array;
  /** A byte per row and feature: feature f's begin at `f * rows`. 255 is missing. */
  readonly columns: Uint8Array;
}

export interface BoostBinsOptions {
  /** Most bins of a feature, 2 to 255, the missing bin not counted. */
  readonly maxBins?: number;
  /** Fewest rows of a bin of a feature with more values than bins. */
  readonly minDataInBin?: number;
  readonly threads?: number;
}

/** Chooses bins for columns and puts their rows into them. */
export function boostBins(columns: readonly BoostColumn[], rows: number, { maxBins = MOST_BINS, minDataInBin = 3, threads = 1 }: BoostBinsOptions = {}): BoostBins {
  const lease = leaseMemory();
  try {
    const kernel = new BinningKernel(lease, rows, threads);
    const features = columns.map((column): FeatureBins =>
      column.kind === "category" ? frequentCategories(column.codes, column.categories, maxBins) : { kind: "number", edges: boostEdges(column.values, maxBins, minDataInBin, (sample) => kernel.count(sample)) });
    const out = new Uint8Array(rows * columns.length);
    const missing = new Uint8Array(columns.length);
    for (let f = 0; f < columns.length; f++) {
      const place = out.subarray(f * rows, (f + 1) * rows);
      const column = columns[f];
      const bins = features[f];
      if (column.kind === "category" || bins.kind === "category") writeBins(column, bins, place, 0, 1);
      else if (!writeWholeBins(column.values, bins.edges, place)) kernel.map(column.values, bins.edges, place);
      missing[f] = place.includes(MISSING_BIN) ? 1 : 0;
    }
    return { rows, features, counts: Uint16Array.from(features, binCount), missing, columns: out };
  } finally {
    lease.release();
  }
}

interface BinningExports {
  countNumbers(values: number, count: number, counts: number): number;
  sortNumbers(values: number, count: number, spare: number, counters: number): number;
  mapNumbers(task: number): void;
}

/** Rows that go through the kernel at a time: they stay in the cache. */
const CHUNK = 65536;

/** Edges as the kernel wants them: one more than there can be, and one for every 16. */
const PLACES = 256;

/** Sorting and mapping of numbers by the kernels, a chunk of rows at a time. */
class BinningKernel {
  readonly #lease: Lease;
  readonly #kernel: BinningExports;
  readonly #values: number;
  readonly #spare: number;
  readonly #counters: number;
  readonly #edges: number;
  readonly #task: number;

  constructor(lease: Lease, rows: number, threads: number) {
    this.#lease = lease;
    this.#kernel = lease.kernel<BinningExports>("boost");
    startCrew(lease, "boost", rows < CHUNK ? 1 : threads);
    const most = Math.min(rows, Math.max(CHUNK, ROWS_FOR_EDGES));
    this.#values = lease.alloc(8 * most);
    this.#spare = lease.alloc(8 * most);
    this.#counters = lease.alloc(6 * 8192);
    this.#edges = lease.alloc(8 * (PLACES + PLACES / 16));
    this.#task = lease.alloc(16);
  }

  count(sample: Float64Array): { distinct: Float64Array; counts: Uint32Array } {
    const lease = this.#lease;
    lease.f64(this.#values, sample.length).set(sample);
    const sorted = this.#kernel.sortNumbers(this.#values, sample.length, this.#spare, this.#counters);
    // The counts lie where the numbers are not.
    const counts = sorted === this.#values ? this.#spare : this.#values;
    const found = this.#kernel.countNumbers(sorted, sample.length, counts);
    return { distinct: lease.f64(sorted, found), counts: lease.u32(counts, found) };
  }

  map(values: Float64Array, edges: Float64Array, out: Uint8Array): void {
    const lease = this.#lease;
    const all = lease.f64(this.#edges, PLACES + PLACES / 16).fill(Infinity);
    all.set(edges);
    for (let group = 0; group < PLACES / 16; group++) all[PLACES + group] = all[16 * group + 15];
    for (let from = 0; from < values.length; from += CHUNK) {
      const rows = Math.min(CHUNK, values.length - from);
      lease.f64(this.#values, rows).set(values.subarray(from, from + rows));
      lease.u32(this.#task, 4).set([this.#values, this.#edges, this.#spare, rows]);
      this.#kernel.mapNumbers(this.#task);
      out.set(lease.u8(this.#spare, rows), from);
    }
  }
}

/** With fewer rows a table of the bins of all whole numbers is not worth making. */
const ROWS_WORTH_A_TABLE = 4096;

/** Writes the bins of whole numbers close to each other through a table; false when the column has others. */
function writeWholeBins(values: Float64Array, edges: Float64Array, out: Uint8Array): boolean {
  if (values.length < ROWS_WORTH_A_TABLE) return false;
  const range = wholeRange(values);
  if (range === null) return false;
  const { low, high } = range;
  const binOf = new Uint8Array(high - low + 1);
  for (let value = low, bin = 0; value <= high; value++) {
    while (bin < edges.length && edges[bin] < value) bin++;
    binOf[value - low] = bin;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    out[i] = value === value ? binOf[(value | 0) - low] : MISSING_BIN;
  }
  return true;
}

/** A bin a category, the most frequent first; the rare ones that are left share the last. */
function frequentCategories(codes: Int32Array, categories: number, most: number): CategoryBins {
  const rows = new Float64Array(categories);
  for (let i = 0; i < codes.length; i++) if (codes[i] >= 0) rows[codes[i]]++;
  const order = Array.from(rows.keys()).filter((code) => rows[code] > 0).sort((a, b) => rows[b] - rows[a] || a - b);
  const binOfCode = new Uint8Array(categories).fill(MISSING_BIN);
  order.forEach((code, place) => (binOfCode[code] = Math.min(place, most - 1)));
  return { kind: "category", binOfCode, count: Math.max(1, Math.min(order.length, most)) };
}
