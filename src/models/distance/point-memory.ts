/**
 * Rows as points in the memory of the `dense-distance` kernel.
 */
import { type Lease, startCrew } from "../../kernels/index.js";
import type { Design } from "../linear/design.js";

/** What the kernel exports; its source says what the jobs hold. */
export interface DistanceKernel {
  assign(job: number): void;
  inertia(job: number): number;
  nearer(job: number): void;
  neighbours(job: number): void;
}

/** Words of a job. */
export const JOB_WORDS = 22;
/** Rows that are looked at eight at a time are padded to a multiple of it. */
const LANES = 8;
/** Blocks of rows that are summed apart. A matter of bits: changing either changes the last digits of every model. */
const MOST_BLOCKS = 64;
const BLOCK_ROWS = 2048;

/** Points on lease: column after column, `padded` doubles each. */
export class PointMemory {
  readonly lease: Lease;
  readonly kernel: DistanceKernel;
  readonly threads: number;
  readonly rows: number;
  readonly columns: number;
  readonly padded: number;
  /** Address of the values. */
  readonly at: number;
  /** Rows that are summed together. */
  readonly blockRows: number;

  /** Places for `rows` points of `columns` values; `lay` fills them. */
  constructor(rows: number, columns: number, lease: Lease, threads: number) {
    this.lease = lease;
    this.kernel = lease.kernel<DistanceKernel>("dense-distance");
    this.threads = startCrew(lease, "dense-distance", threads).size;
    this.rows = rows;
    this.columns = columns;
    this.padded = Math.ceil(rows / LANES) * LANES;
    this.at = lease.alloc(8 * this.padded * columns);
    this.blockRows = Math.max(BLOCK_ROWS, Math.ceil(rows / MOST_BLOCKS / LANES) * LANES);
  }

  /** A view of one column, the padding included. */
  column(c: number): Float64Array {
    return this.lease.f64(this.at + 8 * this.padded * c, this.padded);
  }

  get blocks(): number {
    return Math.ceil(this.rows / this.blockRows);
  }

  /** Fills the places with a design, spread out, less `shifts`; in another order of rows when one is given. */
  lay(design: Design, shifts: Float64Array, order: Int32Array | null = null): void {
    const { rows } = this;
    for (const { place, values, fill, mean, scale } of design.numbers) {
      const out = this.column(place).fill(0, rows);
      const shift = shifts[place];
      for (let i = 0; i < rows; i++) {
        const value = values[order === null ? i : order[i]];
        out[i] = ((value === value ? value : fill) - mean) / scale - shift;
      }
    }
    for (const { places, codes } of design.codes) {
      places.forEach((place, level) => {
        const out = this.column(place).fill(0, rows);
        for (let i = 0; i < rows; i++) out[i] = (codes[order === null ? i : order[i]] === level ? 1 : 0) - shifts[place];
      });
    }
  }
}

/** The mean of every column of a design: what is taken off before distances are measured, so that no digits are lost. */
export function columnMeans(design: Design): Float64Array {
  const means = new Float64Array(design.width);
  for (const { place, values, fill, mean, scale } of design.numbers) {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += ((values[i] === values[i] ? values[i] : fill) - mean) / scale;
    means[place] = sum / design.rows;
  }
  for (const { places, codes } of design.codes) {
    for (let i = 0; i < codes.length; i++) if (codes[i] < places.length) means[places[codes[i]]]++;
    for (const place of places) means[place] /= design.rows;
  }
  return means;
}
