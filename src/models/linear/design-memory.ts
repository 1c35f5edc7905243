/**
 * A design in the memory of the `dense` kernel, and the sums over its rows.
 */
import type { Lease } from "../../kernels/index.js";
import { startCrew } from "../../kernels/index.js";
import { type Design, foldFlags } from "./design.js";

/** What the kernel exports; its source says what the jobs hold. */
interface DenseKernel {
  turn(job: number): void;
  products(job: number): void;
  logistic(job: number): number;
  cholesky(matrix: number, size: number, stride: number, least: number): number;
}

/** Rows scaled at a time: with their products they stay in the smallest cache. */
const SCALED_DOUBLES = 1536;
/** Blocks of rows that are summed apart. A matter of bits: changing it changes the last digits of every model. */
const BLOCKS = 16;
/** Blocks cost memory: of wide designs there are fewer. */
const MOST_BLOCK_DOUBLES = 1 << 23;
/** Rows of a piece of the logistic loss: also a matter of bits. */
export const CHUNK_ROWS = 512;

/** A column that goes with a design, less a shift. */
export interface ExtraColumn {
  readonly values: Float64Array;
  readonly shift: number;
}

/**
 * A design laid out for the kernel: dense columns row after row, then extra columns, then a column of ones, and columns of
 * codes. `products` gives every sum of products of two of these columns.
 */
export class DesignMemory {
  readonly design: Design;
  readonly lease: Lease;
  readonly kernel: DenseKernel;
  readonly threads: number;
  /** Address of the design's header. */
  readonly header: number;
  /** Doubles a row of the dense part: even. */
  readonly stride: number;
  /** Places of the dense columns among all columns; extra columns and ones follow from `design.width` on. */
  readonly denseColumns: Int32Array;
  #job: { readonly at: number; readonly blocks: number; readonly partial: number; readonly sums: number[]; readonly cross: number[] } | null = null;

  /**
   * @param shifts what is subtracted from each dense column, by its place; null subtracts nothing.
   * @param extra columns that go with those of the design, such as the target.
   */
  constructor(design: Design, lease: Lease, threads: number, shifts: Float64Array | null = null, extra: readonly ExtraColumn[] = []) {
    const folded = foldFlags(design);
    this.design = folded;
    this.lease = lease;
    this.kernel = lease.kernel<DenseKernel>("dense");
    this.threads = startCrew(lease, "dense", threads).size;
    const { rows, numbers, codes, width } = folded;
    this.denseColumns = Int32Array.from([...numbers.map((column) => column.place), ...Array.from({ length: extra.length + 1 }, (_, i) => width + i)]);
    this.stride = this.denseColumns.length + (this.denseColumns.length % 2);
    this.header = lease.alloc(64);
    const dense = lease.alloc(8 * rows * this.stride);
    const codesAt = codes.map(() => lease.alloc(4 * rows));
    const addresses = lease.alloc(8 * codes.length);
    lease.u32(this.header, 6).set([rows, dense, this.stride, codes.length, addresses, addresses + 4 * codes.length]);
    lease.u32(addresses, codes.length).set(codesAt);
    lease.i32(addresses + 4 * codes.length, codes.length).set(codes.map((column) => column.places.length));
    codes.forEach((column, c) => lease.i32(codesAt[c], rows).set(column.codes));
    this.#layRows(dense, shifts, extra);
  }

  /** The kernel turns columns into rows: threads share the work, and the columns' copies are gone after. */
  #layRows(out: number, shifts: Float64Array | null, extra: readonly ExtraColumn[]): void {
    const { lease, stride } = this;
    const { rows, numbers } = this.design;
    const columns = [
      ...numbers.map(({ values, fill, mean, scale, place }) => ({ values, fill, mean, scale, shift: shifts === null ? 0 : shifts[place] })),
      ...extra.map(({ values, shift }) => ({ values, fill: NaN, mean: 0, scale: 1, shift })),
    ];
    const mark = lease.mark();
    const job = lease.alloc(32);
    const described = lease.alloc(40 * columns.length);
    const copies = columns.map(() => lease.alloc(8 * rows));
    columns.forEach(({ values, fill, mean, scale, shift }, j) => {
      lease.f64(copies[j], rows).set(values);
      lease.f64(described + 40 * j, 5).set([copies[j], fill, mean, scale, shift]);
    });
    lease.u32(job, 6).set([0, rows, out, stride, columns.length, described]);
    this.kernel.turn(job);
    lease.rewind(mark);
  }

  /**
   * The sum over rows of factor times the product of two columns, for every two: the lower half of a row-major matrix of
   * `design.width` columns, the extra ones and the ones.
   *
   * @param factor address of a float64 a row, or 0 for ones.
   */
  products(factor: number, out: Float64Array): void {
    const { lease, stride, design } = this;
    const { codes } = design;
    this.#job ??= this.#newJob();
    const job = this.#job;
    lease.u32(job.at + 8, 1)[0] = factor;
    this.kernel.products(job.at);
    const size = design.width + this.denseColumns.length - design.numbers.length;
    const { denseColumns } = this;
    const dense = lease.f64(job.partial, stride * stride);
    const put = (a: number, b: number, value: number): void => {
      out[a >= b ? a * size + b : b * size + a] = value;
    };
    denseColumns.forEach((place, j) => {
      for (let k = 0; k <= j; k++) put(place, denseColumns[k], dense[j * stride + k]);
    });
    const ones = denseColumns.length - 1;
    let pair = 0;
    codes.forEach(({ places }, a) => {
      const sums = lease.f64(job.sums[a], (places.length + 1) * stride);
      for (let level = 0; level < places.length; level++) {
        for (let j = 0; j < denseColumns.length; j++) put(places[level], denseColumns[j], sums[level * stride + j]);
        for (let other = 0; other < places.length; other++) put(places[level], places[other], 0);
        put(places[level], places[level], sums[level * stride + ones]);
      }
      for (let b = 0; b < a; b++, pair++) {
        const others = codes[b].places;
        const cross = lease.f64(job.cross[pair], (places.length + 1) * (others.length + 1));
        for (let level = 0; level < places.length; level++) {
          for (let other = 0; other < others.length; other++) put(places[level], others[other], cross[level * (others.length + 1) + other]);
        }
      }
    });
  }

  #newJob(): { at: number; blocks: number; partial: number; sums: number[]; cross: number[] } {
    const { lease, stride, threads } = this;
    const { codes } = this.design;
    const blocks = Math.max(1, Math.min(BLOCKS, Math.ceil(this.design.rows / 256), Math.floor(MOST_BLOCK_DOUBLES / (stride * stride))));
    const scratchRows = Math.max(8, Math.floor(SCALED_DOUBLES / stride));
    const at = lease.alloc(64);
    const partial = lease.alloc(8 * blocks * stride * stride);
    const scratch = lease.alloc(8 * threads * scratchRows * stride);
    const sums = codes.map(({ places }) => lease.alloc(8 * (places.length + 1) * stride));
    const cross = codes.flatMap((a, i) => codes.slice(0, i).map((b) => lease.alloc(8 * (a.places.length + 1) * (b.places.length + 1))));
    const addresses = lease.alloc(4 * (sums.length + cross.length));
    lease.u32(addresses, sums.length + cross.length).set([...sums, ...cross]);
    lease.u32(at, 9).set([0, this.header, 0, blocks, partial, scratch, scratchRows, addresses, addresses + 4 * sums.length]);
    return { at, blocks, partial, sums, cross };
  }
}
