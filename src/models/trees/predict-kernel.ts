/**
 * Rows down trees in the WebAssembly kernel `predict`: the sums and leaves of `predict.ts`, to the bit.
 */
import { type Lease, coresToUse, leaseMemory, startCrew } from "../../kernels/index.js";
import type { BinnedTable } from "./binned-table.js";
import type { Tree } from "./tree.js";

/** The order of fields of `Job` in the kernel, each four bytes. */
const JOB_FIELDS = ["byColumn", "columnStep", "byRow", "features", "rows", "out", "columns", "width", "trees", "count", "room", "leaves"] as const;
type Job = Record<(typeof JOB_FIELDS)[number], number>;
/** Words of `Tree` in the kernel. */
const TREE_WORDS = 10;

interface PredictKernel {
  turnToRows(job: number): void;
  turnToColumns(job: number): void;
  prepareSmall(job: number): void;
  prepareLarge(job: number): void;
  addSmall(job: number): void;
  addLarge(job: number): void;
}

/** Rows that all trees see before the next ones. */
const BLOCK = 512;
/** Most leaves of a tree whose nodes all rows pass. */
const SMALL = 128;
/** Bytes a thread needs for the nodes of a small tree. */
const ROOM = 16384;
const SET_WORDS = 8;
/** Trees are taken into the kernel's memory so many bytes at a time, rows likewise. */
const TREE_BYTES = 24 * 1024 * 1024;
const ROW_BYTES = 48 * 1024 * 1024;
/** Below this many rows times trees a second thread is not worth waking. */
const WORK_FOR_THREADS = 2_000_000;

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
  const lease = leaseMemory({ alone: threads === 1 });
  try {
    const crew = startCrew(lease, "predict", threads);
    const bottom = lease.mark();
    const bytes = 2 * table.features + out.BYTES_PER_ELEMENT * columns;
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
  const outAt = lease.alloc(rows * out.BYTES_PER_ELEMENT * columns);
  const bins = takeBins(lease, table, from, to, trees);
  const sums = (): Float64Array | Int32Array => (outputs === null ? lease.i32(outAt, rows * columns) : lease.f64(outAt, rows * columns));
  if (outputs !== null) sums().set(out.subarray(from * columns, to * columns));
  const job: Job = { ...bins, features: table.features, rows, out: outAt, columns, width, trees: 0, count: 0, room: lease.alloc(ROOM * threads), leaves: outputs === null ? 1 : 0 };
  const top = lease.mark();
  for (let first = 0; first < trees.length; ) {
    lease.rewind(top);
    const small = isSmall(lease, trees[first]);
    const batch = takeBatch(lease, trees, first, small, outputs, column);
    runKernel(lease, { ...job, ...batch }, small ? ["prepareSmall", "addSmall"] : ["prepareLarge", "addLarge"]);
    first += batch.count;
  }
  // Memory may have grown, which leaves older views empty.
  (out as Float64Array).set(sums() as Float64Array, from * columns);
}

/** Small trees are for lanes alone. */
const isSmall = (lease: Lease, tree: Tree): boolean => tree.right.length < 2 * SMALL && lease.variant !== "plain";

function runKernel(lease: Lease, job: Job, steps: readonly (keyof PredictKernel)[]): void {
  const at = lease.alloc(4 * JOB_FIELDS.length);
  lease.i32(at, JOB_FIELDS.length).set(JOB_FIELDS.map((field) => job[field]));
  const kernel = lease.kernel<PredictKernel>("predict");
  for (const step of steps) kernel[step](at);
}

/** Bins of some rows by columns, as small trees want them, and by rows, as large ones do. */
function takeBins(lease: Lease, table: BinnedTable, from: number, to: number, trees: readonly Tree[]): Pick<Job, "byColumn" | "columnStep" | "byRow"> {
  const { features, bins } = table;
  const rows = to - from;
  const areColumns = table.rowStep === 1;
  const wantColumns = areColumns || trees.some((tree) => isSmall(lease, tree));
  const wantRows = !areColumns || trees.some((tree) => !isSmall(lease, tree));
  // Columns begin nine lines of the cache further each: at multiples of a page they would drive each other out of it.
  const columnStep = 4096 * Math.ceil(rows / 4096) + 576;
  const byColumn = wantColumns ? lease.alloc(features * columnStep) : 0;
  const byRow = wantRows ? lease.alloc(features * rows) : 0;
  if (areColumns) {
    const all = lease.u8(byColumn, features * columnStep);
    for (let f = 0; f < features; f++) all.set(bins.subarray(f * table.featureStep + from, f * table.featureStep + to), f * columnStep);
  } else lease.u8(byRow, features * rows).set(bins.subarray(from * features, to * features));
  const places = { byColumn, columnStep, byRow };
  if (wantColumns && wantRows) {
    const mark = lease.mark();
    runKernel(lease, { ...places, features, rows, out: 0, columns: 0, width: 0, trees: 0, count: 0, room: 0, leaves: 0 }, [areColumns ? "turnToRows" : "turnToColumns"]);
    lease.rewind(mark);
  }
  return places;
}

/** Puts trees of one kind, one after another and up to so many bytes, into the kernel's memory. */
function takeBatch(lease: Lease, trees: readonly Tree[], first: number, small: boolean, outputs: ((tree: number) => Float64Array) | null, column: Int32Array | null): Pick<Job, "trees" | "count"> {
  const values: Float64Array[] = [];
  let words = 0;
  let doubles = 0;
  let count = 0;
  for (; first + count < trees.length && isSmall(lease, trees[first + count]) === small && (count === 0 || 4 * words + 8 * doubles < TREE_BYTES); count++) {
    const { right, sets } = trees[first + count];
    // As the trees themselves; cuts or nodes as the kernel packs them, which are two words a node; ends; sets.
    words += TREE_WORDS + 5 * right.length + (sets ? right.length + sets.words.length * (1 + 256 / 4 / SET_WORDS) : 0);
    if (outputs === null) continue;
    values.push(outputs(first + count));
    doubles += values[count].length;
  }
  const doublesAt = lease.alloc(8 * doubles);
  // Packed nodes come first: they are read eight bytes at a time.
  const wordsAt = lease.alloc(4 * words);
  const allDoubles = lease.f64(doublesAt, doubles);
  const all = lease.i32(wordsAt, words);
  let packed = 0;
  for (let t = 0; t < count; t++) packed += 2 * trees[first + t].right.length;
  const described = packed;
  let at = packed + TREE_WORDS * count;
  const put = (array: ArrayLike<number>): number => {
    all.set(array, at);
    at += array.length;
    return wordsAt + 4 * (at - array.length);
  };
  for (let t = 0, free = 0, value = 0, word = described; t < count; t++, word += TREE_WORDS) {
    const { right, split, sets } = trees[first + t];
    all[word] = right.length;
    all[word + 1] = put(right);
    all[word + 2] = put(split);
    all[word + 3] = doublesAt + 8 * value;
    if (outputs !== null) {
      allDoubles.set(values[t], value);
      value += values[t].length;
    }
    all[word + 4] = outputs === null ? first + t : column === null ? 0 : column[first + t];
    all[word + 5] = wordsAt + 4 * free;
    free += 2 * right.length;
    all[word + 6] = sets ? put(sets.setOf) : 0;
    all[word + 7] = sets ? put(sets.words) : 0;
    all[word + 8] = wordsAt + 4 * at;
    at += right.length;
    all[word + 9] = wordsAt + 4 * at;
    if (sets) at += (sets.words.length / SET_WORDS) * 64;
  }
  return { trees: wordsAt + 4 * described, count };
}
