/**
 * Rows down trees in the WebAssembly kernel `predict`: the sums and leaves of `predict.ts`, to the bit.
 */
import { type Lease, coresToUse, leaseMemory, startCrew } from "../../kernels/index.js";
import type { BinnedTable } from "./binned-table.js";
import { type Tree, splitFeature } from "./tree.js";

/** The order of fields of `Job` and `Tree` in the kernel, each four bytes. */
const JOB_FIELDS = ["bins", "rows", "rowStep", "featureStep", "out", "columns", "width", "trees", "from", "to", "used", "usedCount", "blocks", "leaves", "threads"] as const;
type Job = Record<(typeof JOB_FIELDS)[number], number>;
const TREE_WORDS = 12;

interface PredictKernel {
  prepare(job: number): void;
  addSmall(job: number): void;
  addMiddle(job: number): void;
  addLarge(job: number): void;
}

/** Rows whose bins the kernel lays out by columns at a time. */
const BLOCK = 512;
const SMALL = 32;
const MIDDLE = 64;
/** Trees are taken into the kernel's memory so many bytes at a time, rows likewise. */
const TREE_BYTES = 24 * 1024 * 1024;
const ROW_BYTES = 48 * 1024 * 1024;
/** Below this many rows times trees a second thread is not worth waking. */
const WORK_FOR_THREADS = 500_000;

/** Trees and what their leaves add; null to write the leaves themselves. */
export interface KernelTrees {
  readonly trees: readonly Tree[];
  readonly outputs: ((tree: number) => Float64Array) | null;
  readonly width: number;
  readonly column: Int32Array | null;
}

/** Adds to `out`, or writes leaves into it: `columns` numbers a row. */
export function runTrees(job: KernelTrees, table: BinnedTable, out: Float64Array | Int32Array, columns: number, nJobs: number | null): void {
  const threads = table.rows * job.trees.length < WORK_FOR_THREADS ? 1 : Math.min(coresToUse(nJobs), Math.ceil(table.rows / BLOCK));
  const lease = leaseMemory();
  try {
    const crew = startCrew(lease, "predict", threads);
    const bottom = lease.mark();
    const bytes = table.features + out.BYTES_PER_ELEMENT * columns;
    const most = BLOCK * Math.max(8, Math.floor(ROW_BYTES / bytes / BLOCK));
    for (let from = 0; from < table.rows; from += most) {
      lease.rewind(bottom);
      runRows(lease, crew.size, job, table, from, Math.min(table.rows, from + most), out, columns);
    }
  } finally {
    lease.release();
  }
}

function runRows(lease: Lease, threads: number, { trees, outputs, width, column }: KernelTrees, table: BinnedTable, from: number, to: number, out: Float64Array | Int32Array, columns: number): void {
  const rows = to - from;
  const { features } = table;
  const binsAt = lease.alloc(rows * features);
  const size = out.BYTES_PER_ELEMENT * columns;
  const outAt = lease.alloc(rows * size);
  // Rows side by side, as walks want them; small trees have them laid out by columns, a block at a time.
  const bins = lease.u8(binsAt, rows * features);
  if (table.featureStep === 1 && table.rowStep === features) bins.set(table.bins.subarray(from * features, to * features));
  else {
    for (let f = 0; f < features; f++) {
      for (let row = from, at = f; row < to; row++, at += features) bins[at] = table.bins[row * table.rowStep + f * table.featureStep];
    }
  }
  const view = outputs === null ? lease.i32(outAt, rows * columns) : lease.f64(outAt, rows * columns);
  if (outputs !== null) view.set(out.subarray(from * columns, to * columns));
  const top = lease.mark();
  for (let first = 0; first < trees.length; ) {
    lease.rewind(top);
    const end = batchFrom(trees, first, width);
    const job: Job = {
      bins: binsAt, rows, rowStep: features, featureStep: 1, out: outAt, columns, width, trees: 0, from: 0, to: end - first,
      used: 0, usedCount: 0, blocks: 0, leaves: outputs === null ? 1 : 0, threads,
    };
    runBatch(lease, job, trees.slice(first, end), (t) => (outputs === null ? new Float64Array(0) : outputs(first + t)), (t) => (outputs === null ? first + t : column === null ? 0 : column[first + t]), threads);
    first = end;
  }
  // Memory may have grown, which leaves older views empty.
  const done = outputs === null ? lease.i32(outAt, rows * columns) : lease.f64(outAt, rows * columns);
  (out as Float64Array).set(done as Float64Array, from * columns);
}

const leavesOf = (tree: Tree): number => (tree.right.length + 1) / 2;
const classOf = (tree: Tree): number => (leavesOf(tree) <= SMALL ? 0 : leavesOf(tree) <= MIDDLE ? 1 : 2);

/** Trees of one class, one after another, up to so many bytes. */
function batchFrom(trees: readonly Tree[], first: number, width: number): number {
  let bytes = 0;
  let end = first;
  while (end < trees.length && classOf(trees[end]) === classOf(trees[first]) && (end === first || bytes < TREE_BYTES)) {
    bytes += 16 * trees[end].right.length + (8 * width * trees[end].leaves.length) / trees[end].channels;
    end++;
  }
  return end;
}

function runBatch(lease: Lease, job: Job, trees: readonly Tree[], outputs: (tree: number) => Float64Array, column: (tree: number) => number, threads: number): void {
  const kernel = lease.kernel<PredictKernel>("predict");
  const kind = classOf(trees[0]);
  const place = new Map<number, number>();
  job.trees = lease.alloc(4 * TREE_WORDS * trees.length);
  const described = trees.map((tree, t) => {
    const nodes = tree.right.length;
    const right = putWords(lease, tree.right);
    const split = putWords(lease, tree.split);
    const values = outputs(t);
    const valuesAt = lease.alloc(values.byteLength);
    lease.f64(valuesAt, values.length).set(values);
    const sets = tree.sets ?? null;
    const setOf = sets === null ? 0 : putWords(lease, sets.setOf);
    const words = sets === null ? 0 : putWords(lease, sets.words);
    if (kind === 2) return [nodes, right, split, valuesAt, column(t), lease.alloc(8 * nodes), 0, 0, 0, setOf, words, 0];
    const features = featuresOf(tree);
    const places = features.map((feature) => {
      if (!place.has(feature)) place.set(feature, place.size);
      return place.get(feature)!;
    });
    const tables = lease.alloc(256 * (kind === 0 ? 4 : 8) * features.length);
    return [nodes, right, split, valuesAt, column(t), tables, features.length, putWords(lease, places), putWords(lease, features), setOf, words, lease.alloc(4 * leavesOf(tree))];
  });
  const used = Array.from(place.keys());
  job.used = putWords(lease, used);
  job.usedCount = used.length;
  job.blocks = lease.alloc(BLOCK * used.length * threads);
  lease.i32(job.trees, TREE_WORDS * trees.length).set(described.flat());
  const jobAt = lease.alloc(4 * JOB_FIELDS.length);
  lease.i32(jobAt, JOB_FIELDS.length).set(JOB_FIELDS.map((field) => job[field]));
  kernel.prepare(jobAt);
  if (kind === 0) kernel.addSmall(jobAt);
  else if (kind === 1) kernel.addMiddle(jobAt);
  else kernel.addLarge(jobAt);
}

function featuresOf(tree: Tree): number[] {
  const features = new Set<number>();
  for (let node = 0; node < tree.right.length; node++) if (tree.right[node] > 0) features.add(splitFeature(tree.split[node]));
  return Array.from(features);
}

function putWords(lease: Lease, words: ArrayLike<number>): number {
  const at = lease.alloc(4 * words.length);
  lease.i32(at, words.length).set(words);
  return at;
}
