/**
 * The nearest of the training rows to any others.
 */
import { RunlabError } from "../../errors.js";
import { coresToUse, leaseMemory } from "../../kernels/index.js";
import { type Design, spread } from "../linear/design.js";
import { packArray, unpackArray } from "../typed-json.js";
import { neighbourTree } from "./neighbour-tree.js";
import { JOB_WORDS, PointMemory } from "./point-memory.js";

/** How the neighbours are looked for: by all distances, by leaves of a tree, or as suits the data. */
export type NeighbourAlgorithm = "auto" | "bruteForce" | "kdTree";

/** Neighbours of some rows, nearest first; equally near ones by their number among the training rows. */
export interface Neighbours {
  readonly places: Int32Array;
  readonly distances: Float64Array;
}

/** In more columns nearly every leaf is near, and looking for it is work lost. */
const MOST_COLUMNS_FOR_A_TREE = 20;
const ROWS_FOR_A_TREE = 512;
/** Rows asked about at a time, to keep memory small. */
const ROWS_AT_A_TIME = 65536;

/** Training rows laid out for searches. */
export class NeighbourSearch {
  readonly rows: number;
  readonly columns: number;
  /** Column after column, leaf after leaf. */
  readonly #values: Float64Array;
  readonly #order: Int32Array;
  readonly #starts: Int32Array;

  private constructor(rows: number, columns: number, values: Float64Array, order: Int32Array, starts: Int32Array) {
    this.rows = rows;
    this.columns = columns;
    this.#values = values;
    this.#order = order;
    this.#starts = starts;
  }

  /** Lays out training rows. */
  static of(design: Design, algorithm: NeighbourAlgorithm): NeighbourSearch {
    const { rows, width } = design;
    const spreadRows = spread(design);
    const tree = algorithm === "kdTree" || (algorithm === "auto" && rows >= ROWS_FOR_A_TREE && width <= MOST_COLUMNS_FOR_A_TREE);
    // Leaves and rows in a leaf cost about the same to look at: about as many of one as of the other.
    const leafRows = tree ? Math.max(16, Math.ceil(Math.sqrt(rows) / 2)) : rows;
    const { order, starts } = neighbourTree(rows, width, spreadRows, leafRows);
    const values = new Float64Array(rows * width);
    for (let i = 0; i < rows; i++) {
      const from = order[i] * width;
      for (let c = 0, at = i; c < width; c++, at += rows) values[at] = spreadRows[from + c];
    }
    return new NeighbourSearch(rows, width, values, order, starts);
  }

  get leaves(): number {
    return this.#starts.length - 1;
  }

  /** The `wanted` nearest of each row of a design. */
  find(design: Design, wanted: number, nJobs: number | null): Neighbours {
    const { rows } = design;
    const { columns, leaves } = this;
    const places = new Int32Array(rows * wanted);
    const distances = new Float64Array(rows * wanted);
    if (rows === 0) return { places, distances };
    const asked = spread(design);
    const lease = leaseMemory();
    try {
      const memory = new PointMemory(this.rows, columns, lease, coresToUse(nJobs));
      for (let c = 0; c < columns; c++) memory.column(c).set(this.#values.subarray(c * this.rows, (c + 1) * this.rows));
      const atOnce = Math.min(rows, ROWS_AT_A_TIME);
      const job = lease.alloc(4 * JOB_WORDS);
      const points = lease.alloc(8 * atOnce * columns);
      const out = lease.alloc(4 * atOnce * wanted);
      const squares = lease.alloc(8 * atOnce * wanted);
      const order = lease.alloc(4 * this.rows);
      const starts = lease.alloc(4 * (leaves + 1));
      const boxes = lease.alloc(16 * leaves * columns);
      const scratch = lease.alloc(16 * leaves * memory.threads);
      lease.i32(order, this.rows).set(this.#order);
      lease.i32(starts, leaves + 1).set(this.#starts);
      this.#layBoxes(lease.f64(boxes, 2 * leaves * columns));
      for (let from = 0; from < rows; from += atOnce) {
        const count = Math.min(atOnce, rows - from);
        lease.f64(points, count * columns).set(asked.subarray(from * columns, (from + count) * columns));
        lease.u32(job, JOB_WORDS).set([0, memory.at, this.rows, memory.padded, columns, points, count, 0, 0, 0, 0, 0, squares, 0, out, 0, leaves, starts, boxes, order, wanted, scratch]);
        memory.kernel.neighbours(job);
        places.set(lease.i32(out, count * wanted), from * wanted);
        const found = lease.f64(squares, count * wanted);
        for (let i = 0; i < found.length; i++) distances[from * wanted + i] = Math.sqrt(found[i]);
      }
    } finally {
      lease.release();
    }
    return { places, distances };
  }

  #layBoxes(boxes: Float64Array): void {
    const { columns, rows } = this;
    for (let leaf = 0; leaf < this.leaves; leaf++) {
      for (let c = 0; c < columns; c++) {
        let low = Infinity;
        let high = -Infinity;
        for (let i = this.#starts[leaf]; i < this.#starts[leaf + 1]; i++) {
          const value = this.#values[c * rows + i];
          if (value < low) low = value;
          if (value > high) high = value;
        }
        boxes[2 * (leaf * columns + c)] = low;
        boxes[2 * (leaf * columns + c) + 1] = high;
      }
    }
  }

  toJSON(): Record<string, unknown> {
    return { rows: this.rows, columns: this.columns, values: packArray(this.#values), order: packArray(this.#order), starts: packArray(this.#starts) };
  }

  /** @throws RunlabError when the data is no search. */
  static fromJSON(json: unknown): NeighbourSearch {
    const { rows, columns, values, order, starts } = (json ?? {}) as Record<string, unknown>;
    const found = unpackArray(values, "float64", "the rows");
    const places = unpackArray(order, "int32", "their order");
    const leaves = unpackArray(starts, "int32", "the leaves");
    const whole = Number.isInteger(rows) && Number.isInteger(columns) && (rows as number) > 0 && found.length === (rows as number) * (columns as number)
      && places.length === rows && places.every((row) => row >= 0 && row < (rows as number))
      && leaves.length >= 2 && leaves[0] === 0 && leaves.at(-1) === rows && leaves.every((start, i) => i === 0 || start > leaves[i - 1]);
    if (!whole) throw new RunlabError("the model file is damaged: its rows and leaves do not fit");
    return new NeighbourSearch(rows as number, columns as number, found, places, leaves);
  }
}
