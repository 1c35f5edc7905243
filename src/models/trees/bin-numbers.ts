/**
 * Numbers into bins in a WebAssembly kernel: the bins of `writeBins`, to the bit.
 */
import { type Lease, leaseMemory, startCrew } from "../../kernels/index.js";
import type { NumberBins } from "./bins.js";

/** Values that go through the kernel at a time: they stay in the cache. */
const CHUNK = 8192;
/** Edges as the kernel wants them: one more than there can be, filled up with infinity, and the last of every 16. */
const PLACES = 256;

/** Bytes of the kernel's table of edges. */
const CELLS = 4096;
/** Words of `Task` in the kernel. */
const TASK_WORDS = 10;

interface BinningKernel {
  divideEdges(task: number): void;
  binNumbers(task: number): void;
}

/** Columns of numbers into bins, one after another. */
export class NumberBinner {
  readonly #lease: Lease;
  readonly #kernel: BinningKernel;
  readonly #edges: number;
  readonly #values: number;
  readonly #bins: number;
  readonly #cells: number;
  readonly #task: number;

  constructor(lease: Lease) {
    startCrew(lease, "predict", 1);
    this.#lease = lease;
    this.#kernel = lease.kernel<BinningKernel>("predict");
    this.#edges = lease.alloc(8 * (PLACES + PLACES / 16));
    this.#values = lease.alloc(8 * CHUNK);
    this.#bins = lease.alloc(CHUNK);
    this.#cells = lease.alloc(CELLS);
    this.#task = lease.alloc(4 * TASK_WORDS);
  }

  /** Writes each value's bin to `out`. */
  write(values: Float64Array, { edges }: NumberBins, out: Uint8Array): void {
    const lease = this.#lease;
    const all = lease.f64(this.#edges, PLACES + PLACES / 16).fill(Infinity);
    all.set(edges);
    for (let group = 0; group < PLACES / 16; group++) all[PLACES + group] = all[16 * group + 15];
    const chunk = lease.f64(this.#values, CHUNK);
    const bins = lease.u8(this.#bins, CHUNK);
    const task = lease.u32(this.#task, TASK_WORDS);
    task.set([this.#values, this.#edges, this.#bins, 0, edges.length, this.#cells]);
    this.#kernel.divideEdges(this.#task);
    for (let from = 0; from < values.length; from += CHUNK) {
      const count = Math.min(CHUNK, values.length - from);
      chunk.set(count === values.length ? values : values.subarray(from, from + count));
      task[3] = count;
      this.#kernel.binNumbers(this.#task);
      out.set(count === CHUNK ? bins : bins.subarray(0, count), from);
    }
  }
}

/** Calls `work` with a binner whose memory is given back after. */
export function withBinner(work: (binner: NumberBinner) => void): void {
  const lease = leaseMemory({ alone: true });
  try {
    work(new NumberBinner(lease));
  } finally {
    lease.release();
  }
}
