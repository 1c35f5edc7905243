/**
 * The grower on WebAssembly kernels (`kernels/assembly/boost.ts`): lays out memory, states the options in a tree's
 * units, and reads the grown nodes back. A tree takes two calls.
 */
import * as at from "../../kernels/boost-layout.js";
import { type Lease, leaseMemory, startCrew } from "../../kernels/index.js";
import type { RandomStream } from "../../random/index.js";
import type { BoostBins } from "./boost-bins.js";
import { blocksOf, cellsOf, rowBytes } from "./boost-groups.js";
import { hasKernel } from "./gradient-kernels.js";
import { GradientScale } from "./gradient-scale.js";
import { drawMasks } from "./grower-masks.js";
import { assembleTree } from "./grower-nodes.js";
import { checkRequest } from "./grower-request.js";
import { searchUnits } from "./grower-search.js";
import type { GradientKernel, GrowRequest, GrowerOptions, GrownTree, TreeGrower } from "./grower.js";
import { rowsInShare } from "./row-sampling.js";
import { splitBin, splitFeature } from "./tree.js";

interface BoostKernel {
  sweep(control: number): void;
  grow(control: number): number;
  addLeaves(control: number): void;
  writeLeaves(control: number, out: number): void;
  measure(control: number): void;
  fill(control: number): void;
  walk(control: number): void;
  leafQuantiles(control: number): void;
  drawShare(rows: number, count: number, key: number, room: number, out: number): void;
  drawByGradient(rows: number, outputs: number, rank: number, others: number, gradients: number, hessians: number, sizes: number, counts: number, key: number, room: number, out: number): number;
  packGroup(columns: number, count: number, members: number, rows: number, out: number, step: number, from: number): void;
  gatherBytes(from: number, order: number, rows: number, to: number): void;
  gatherWords(from: number, order: number, rows: number, to: number): void;
}

/** A group to be packed: its columns, and where its cells go. */
interface Packing {
  readonly members: readonly number[];
  readonly out: number;
  readonly step: number;
}

/**
 * From this many rows on, rows are put in the order of the first tree's leaves. Later trees make much the same cuts at
 * first, so the rows of their leaves then lie together, and fetching them takes half the memory traffic.
 */
const ROWS_WORTH_CLUSTERING = 131072;

/** Codes of the kernels' derivatives, and of the ways to grow. */
const KERNELS: Record<GradientKernel, number> = { squared: 1, logistic: 2, softmax: 3, absolute: 4, huber: 5, quantile: 6, poisson: 7, gamma: 8, tweedie: 9, fair: 10 };
const FROM_ARRAYS = 0;
const GROWTHS = { leafwise: 0, depthwise: 1, symmetric: 2 };

/** Histograms that are kept for subtraction take no more than this. */
const POOL_BYTES = 768 * 1024 * 1024;
/** Below these sizes a fork costs more than it saves: rows of a sweep, rows of a leaf, bytes of a histogram. */
const WORTH_SWEEP = 16384;
const WORTH_SPLIT = 8192;
const WORTH_SEARCH = 16384;

/** Lists of a growth's nodes in memory, see `addNode` of the kernel. */
const NODE_WORD_LISTS = 7;
const NODE_REAL_LISTS = 3;

/** What a kernel needs to draw: the stream's key, and room for numbers drawn ahead (philox.ts). */
const KEY_BYTES = 16;
const STREAM_BYTES = 256;
/** Counts by which a kernel finds the largest share. */
const COUNT_BYTES = 8192;

export function openWasmGrower(bins: BoostBins, options: GrowerOptions): TreeGrower {
  const lease = leaseMemory();
  try {
    return new WasmGrower(lease, bins, options);
  } catch (error) {
    lease.release();
    throw error;
  }
}

class WasmGrower implements TreeGrower {
  readonly rows: number;
  readonly features: number;
  readonly outputs: number;
  readonly #lease: Lease;
  readonly #kernel: BoostKernel;
  readonly #options: GrowerOptions;
  readonly #scales: GradientScale[];
  readonly #control: number;
  readonly #scores: number;
  readonly #index: number;
  readonly #leafValues: number;
  readonly #nodeWords: number;
  readonly #nodeReals: number;
  readonly #nodeStep: number;
  readonly #sets: number;
  readonly #nodeMasks: number;
  readonly #treeMask: number;
  readonly #columns: number;
  readonly #spare: number;
  readonly #members: number;
  readonly #packings: Packing[] = [];
  /** Address of the table's row for each row in here, and whether they differ; callers only ever see the table's order. */
  #order = 0;
  #clustered = false;
  #mayCluster: boolean;
  /** Addresses of what kernels compare scores with; 0 until it is set. */
  #target = 0;
  #weights = 0;
  /** Addresses of the arrays of derivatives; 0 until they are asked for. */
  #gradients = 0;
  #hessians = 0;
  #source: GradientKernel | null = null;
  /** Scores have moved since the kernel was named: its derivatives are no longer to be had. */
  #stale = false;
  #last: { readonly tree: GrownTree; readonly leafOf: Int32Array; readonly numbers: Int32Array; readonly listed: boolean } | null = null;
  /** The output whose scores still lack the last tree's values; -1 for none. */
  #owed = -1;

  constructor(lease: Lease, bins: BoostBins, options: GrowerOptions) {
    this.#lease = lease;
    this.#kernel = lease.kernel<BoostKernel>("boost");
    this.#options = options;
    const rows = (this.rows = bins.rows);
    const features = (this.features = bins.features.length);
    this.outputs = options.outputs;
    this.#scales = Array.from({ length: options.outputs }, () => new GradientScale());
    const { size } = startCrew(lease, "boost", options.threads);
    const control = (this.#control = lease.alloc(at.CONTROL_BYTES));
    lease.u8(control, at.CONTROL_BYTES).fill(0);

    this.#mayCluster = rows >= ROWS_WORTH_CLUSTERING && options.outputs === 1;
    const columns = (this.#columns = lease.alloc(rows * features));
    this.#members = lease.alloc(12 * features);
    lease.u8(columns, rows * features).set(bins.columns);
    const blocks = blocksOf(bins);
    const histogramBytes = this.#layOut(bins, blocks);
    const leaves = options.maxLeaves;
    const slots = Math.max(2, Math.min(leaves + 1, Math.floor(POOL_BYTES / histogramBytes)));
    this.#nodeStep = 2 * leaves;
    const walkBytes = 8 * at.WALK_BLOCK + 8 * leaves + 64;
    const scores = (this.#scores = lease.alloc(4 * rows * options.outputs));
    lease.f32(scores, rows * options.outputs).fill(0);
    this.#index = lease.alloc(4 * rows);
    this.#spare = lease.alloc(4 * rows);
    this.#leafValues = lease.alloc(4 * leaves);
    this.#nodeWords = lease.alloc(4 * NODE_WORD_LISTS * this.#nodeStep);
    this.#nodeReals = lease.alloc(8 * NODE_REAL_LISTS * this.#nodeStep);
    this.#sets = options.growth !== "symmetric" && !bins.features.some((each) => each.kind === "category") ? 0 : lease.alloc(32 * leaves);
    this.#treeMask = options.featureFraction < 1 ? lease.alloc(features) : 0;
    this.#nodeMasks = options.featureFractionByNode < 1 ? lease.alloc(features * (2 * leaves - 1)) : 0;
    const groups = options.interactions ?? [];
    const groupMasks = lease.alloc(groups.length * features);
    const masks = lease.u8(groupMasks, groups.length * features).fill(0);
    groups.forEach((group, g) => group.forEach((feature) => (masks[g * features + feature] = 1)));
    this.#words({
      [at.ROWS]: rows,
      [at.FEATURES]: features,
      [at.COLUMNS]: columns,
      [at.SCORES]: scores,
      [at.PACKED]: lease.alloc(8 * rows),
      [at.INDEX]: this.#index,
      [at.SPARE]: this.#spare,
      [at.RANGES]: lease.alloc(size * (8 * leaves + 64)),
      [at.RANGE_BYTES]: 8 * leaves + 64,
      [at.SUMS]: lease.alloc(64 * size),
      [at.LEAF_VALUES]: this.#leafValues,
      [at.THREAD_HISTOGRAMS]: lease.alloc((size - 1) * histogramBytes),
      [at.POOL]: lease.alloc(slots * histogramBytes),
      [at.POOL_SLOTS]: slots,
      [at.FREE]: lease.alloc(4 * slots),
      [at.WORK]: lease.alloc(histogramBytes),
      [at.GROWTH]: GROWTHS[options.growth],
      [at.MOST_LEAVES]: leaves,
      [at.MOST_DEPTH]: Math.min(options.maxDepth, 0x7fffffff),
      [at.GENERAL]: options.lambdaL1 !== 0 || options.maxDeltaStep !== 0 || options.monotone !== null ? 1 : 0,
      [at.TREE_MASK]: this.#treeMask,
      [at.NODE_MASKS]: this.#nodeMasks,
      [at.GROUPS]: groups.length,
      [at.GROUP_MASKS]: groupMasks,
      [at.GROUP_LIVE]: lease.alloc(groups.length * leaves),
      [at.ALLOWED]: lease.alloc(size * features),
      [at.LEAF_TABLE]: lease.alloc(at.LEAF_BYTES * leaves),
      [at.NODE_WORDS]: this.#nodeWords,
      [at.NODE_REALS]: this.#nodeReals,
      [at.NODE_STEP]: this.#nodeStep,
      [at.SETS]: this.#sets,
      [at.LEVEL_SCORES]: options.growth === "symmetric" ? lease.alloc(4096 * features + 4 * leaves) : 0,
      [at.ORDER]: lease.alloc(4096 * size),
      [at.OUTPUTS]: options.outputs,
      [at.MOST_ONE_HOT]: options.maxCatToOneHot,
      [at.MOST_CATEGORIES]: options.maxCatThreshold,
      [at.SIDES]: lease.alloc(256),
      [at.WALK_ROOM]: lease.alloc(size * walkBytes),
      [at.WALK_ROOM_BYTES]: walkBytes,
      [at.WORTH_SWEEP]: WORTH_SWEEP,
      [at.WORTH_SPLIT]: WORTH_SPLIT,
      [at.WORTH_SEARCH]: WORTH_SEARCH,
    });
  }

  /** Blocks of packed rows, and the tables that describe them; returns the bytes of a histogram. */
  #layOut(bins: BoostBins, blocks: ReturnType<typeof blocksOf>): number {
    const lease = this.#lease;
    const { rows } = bins;
    const features = bins.features.length;
    const blockTable = lease.alloc(16 * blocks.length);
    const featureTable = lease.alloc(at.FEATURE_BYTES * features);
    const joints = blocks.flatMap((block) => block.groups.filter((group) => group.members.length > 1));
    const jointTable = lease.alloc(16 * joints.length);
    const memberTables = joints.map((joint) => lease.alloc(260 * joint.members.length));
    const rowsOf = blocks.map((block) => lease.alloc(rows * rowBytes(block.groups.length)));
    let histogramBytes = 0;
    let marginBytes = 0;
    const table = lease.i32(featureTable, (at.FEATURE_BYTES / 4) * features).fill(0);
    const describe = (feature: number, where: number, joined: boolean): void => {
      const base = (at.FEATURE_BYTES / 4) * feature;
      table[base + at.FEATURE_AT / 4] = where;
      table[base + at.FEATURE_BINS / 4] = bins.counts[feature];
      table[base + at.FEATURE_MISSING / 4] = bins.missing[feature];
      table[base + at.FEATURE_CATEGORIES / 4] = bins.features[feature].kind === "category" ? 1 : 0;
      table[base + at.FEATURE_DIRECTION / 4] = this.#options.monotone?.[feature] ?? 0;
      table[base + at.FEATURE_JOINED / 4] = joined ? 1 : 0;
    };
    let joint = 0;
    blocks.forEach((block, b) => {
      const step = rowBytes(block.groups.length);
      block.groups.forEach((group, g) => {
        const where = histogramBytes + 8 * block.step * g;
        const members = group.members.flatMap(({ feature, factor }) => [feature * rows, bins.counts[feature], factor]);
        this.#packings.push({ members, out: rowsOf[b] + g, step });
        if (group.members.length === 1) {
          describe(group.members[0].feature, where, false);
          return;
        }
        lease.i32(jointTable + 16 * joint, 4).set([where, group.cells, group.members.length, memberTables[joint]]);
        group.members.forEach(({ feature, cells, factor }, m) => {
          const table = memberTables[joint] + 260 * m;
          lease.i32(table, 1)[0] = marginBytes;
          const cellOf = lease.u8(table + 4, 256);
          for (let cell = 0; cell < group.cells; cell++) cellOf[cell] = Math.floor(cell / factor) % cells;
          describe(feature, marginBytes, true);
          marginBytes += 8 * ((cellsOf(bins, feature) + 1) & ~1);
        });
        joint++;
      });
      lease.i32(blockTable + 16 * b, 4).set([block.groups.length, 8 * block.step, rowsOf[b], histogramBytes]);
      histogramBytes += 8 * block.step * block.groups.length;
    });
    this.#pack();
    const size = Math.max(64, Math.ceil(histogramBytes / 64) * 64);
    marginBytes = Math.ceil(marginBytes / 64) * 64;
    this.#words({
      [at.BLOCKS]: blocks.length,
      [at.BLOCK_TABLE]: blockTable,
      [at.HISTOGRAM_BYTES]: size,
      [at.FEATURE_TABLE]: featureTable,
      [at.JOINTS]: joints.length,
      [at.JOINT_TABLE]: jointTable,
      [at.MARGINS]: lease.alloc(marginBytes * this.#options.threads),
      [at.MARGIN_BYTES]: marginBytes,
    });
    return size;
  }

  /** Writes the rows of all blocks from the columns. */
  #pack(): void {
    for (const { members, out, step } of this.#packings) {
      this.#lease.i32(this.#members, members.length).set(members);
      this.#kernel.packGroup(this.#columns, members.length / 3, this.#members, this.rows, out, step, 0);
    }
  }

  /** Puts the rows in the order of the last tree's leaves, which the index has. */
  #cluster(): void {
    this.#settle();
    this.#mayCluster = false;
    this.#order = this.#lease.alloc(4 * this.rows);
    this.#lease.u32(this.#order, this.rows).set(this.#lease.u32(this.#index, this.rows));
    this.#rearrange(this.#order);
    this.#clustered = true;
  }

  /** Back to the table's order, for good: whoever asks for what stands by row will ask again. */
  #leaveOrder(): void {
    if (!this.#clustered) return;
    this.#settle();
    const mark = this.#lease.mark();
    const inverse = this.#lease.alloc(4 * this.rows);
    const order = this.#lease.u32(this.#order, this.rows);
    const back = this.#lease.u32(inverse, this.rows);
    for (let i = 0; i < order.length; i++) back[order[i]] = i;
    const index = this.#lease.u32(this.#index, this.rows);
    for (let i = 0; i < index.length; i++) index[i] = order[index[i]];
    this.#rearrange(inverse);
    this.#lease.rewind(mark);
    this.#clustered = false;
  }

  #rearrange(order: number): void {
    const { rows } = this;
    for (let f = 0; f < this.features; f++) {
      const column = this.#columns + f * rows;
      this.#kernel.gatherBytes(column, order, rows, this.#spare);
      this.#lease.u8(column, rows).set(this.#lease.u8(this.#spare, rows));
    }
    for (const words of [this.#scores, this.#target, this.#weights]) {
      if (words === 0) continue;
      this.#kernel.gatherWords(words, order, rows, this.#spare);
      this.#lease.u32(words, rows).set(this.#lease.u32(this.#spare, rows));
    }
    this.#pack();
  }

  #words(values: Record<number, number>): void {
    const words = this.#lease.u32(this.#control, at.REALS / 4);
    for (const [place, value] of Object.entries(values)) words[Number(place) / 4] = value;
  }

  get scores(): Float32Array {
    this.#settle();
    this.#leaveOrder();
    return this.#lease.f32(this.#scores, this.rows * this.outputs);
  }

  get gradients(): Float32Array {
    this.#derive();
    return this.#lease.f32(this.#gradients, this.rows * this.outputs);
  }

  get hessians(): Float32Array {
    this.#derive();
    return this.#lease.f32(this.#hessians, this.rows * this.outputs);
  }

  setTarget(target: ArrayLike<number>, weights: ArrayLike<number> | null): void {
    this.#leaveOrder();
    if (this.#target === 0) this.#target = this.#lease.alloc(4 * this.rows);
    if (weights !== null && this.#weights === 0) this.#weights = this.#lease.alloc(4 * this.rows);
    this.#lease.f32(this.#target, this.rows).set(target);
    if (weights !== null) this.#lease.f32(this.#weights, this.rows).set(weights);
    this.#words({ [at.TARGET]: this.#target, [at.WEIGHTS]: weights === null ? 0 : this.#weights });
  }

  fillGradients(kernel: GradientKernel, parameter: number): boolean {
    if (!hasKernel(kernel, this.outputs)) return false;
    this.#source = kernel;
    this.#stale = false;
    // Only the commonest derivatives are worked out as they are added up.
    if (kernel !== "squared" && kernel !== "logistic") {
      this.#lease.f64(this.#control + at.FACTOR, 1)[0] = parameter;
      this.#derive();
    }
    return true;
  }

  /** Makes the arrays of derivatives, by the kernel if one was named. */
  #derive(): void {
    this.#settle();
    this.#leaveOrder();
    if (this.#gradients === 0) {
      const bytes = 4 * this.rows * this.outputs;
      this.#gradients = this.#lease.alloc(bytes);
      this.#hessians = this.#lease.alloc(bytes);
      this.#lease.f32(this.#gradients, this.rows * this.outputs).fill(0);
      this.#lease.f32(this.#hessians, this.rows * this.outputs).fill(0);
    }
    if (this.#source === null) return;
    this.#refuseStale();
    this.#words({ [at.KERNEL]: KERNELS[this.#source], [at.GRADIENTS]: this.#gradients, [at.HESSIANS]: this.#hessians });
    this.#kernel.fill(this.#control);
    this.#source = null;
  }

  #refuseStale(): void {
    if (this.#stale) throw new Error("gradients by a kernel are gone once scores have changed: call fillGradients again");
  }

  /** Adds what a tree still owes to the scores. */
  #settle(): void {
    if (this.#owed < 0) return;
    this.#owed = -1;
    this.#kernel.addLeaves(this.#control);
  }

  drawShare(share: number, random: RandomStream): Uint32Array {
    const lease = this.#lease;
    const count = rowsInShare(this.rows, share);
    const mark = lease.mark();
    const key = lease.alloc(KEY_BYTES + STREAM_BYTES);
    lease.i32(key, 4).set(random.key);
    this.#kernel.drawShare(this.rows, count, key, key + KEY_BYTES, this.#spare);
    lease.rewind(mark);
    return lease.u32(this.#spare, count).slice();
  }

  drawByGradient(topRate: number, otherRate: number, random: RandomStream): Uint32Array {
    this.#derive();
    const lease = this.#lease;
    const { rows, outputs } = this;
    const mark = lease.mark();
    const key = lease.alloc(KEY_BYTES + STREAM_BYTES);
    const counts = lease.alloc(COUNT_BYTES);
    const sizes = lease.alloc(4 * rows);
    lease.i32(key, 4).set(random.key);
    const rank = rows - rowsInShare(rows, topRate);
    const count = this.#kernel.drawByGradient(rows, outputs, rank, Math.floor(rows * otherRate), this.#gradients, this.#hessians, sizes, counts, key, key + KEY_BYTES, this.#spare);
    lease.rewind(mark);
    return lease.u32(this.#spare, count).slice();
  }

  grow(request: GrowRequest): GrownTree {
    checkRequest(request, this.rows, this.outputs);
    const { output, rows, random } = request;
    const lease = this.#lease;
    const control = this.#control;
    const options = this.#options;
    if (this.#source === null) this.#derive();
    if (rows !== null) this.#leaveOrder();
    else if (this.#mayCluster && this.#source !== null && this.#last !== null && this.#last.tree.leaves.length > 1 && !this.#last.listed) this.#cluster();
    const words = lease.u32(control, at.REALS / 4);
    if (this.#source === null) {
      const from = 4 * output * this.rows;
      this.#words({ [at.KERNEL]: FROM_ARRAYS, [at.GRADIENTS]: this.#gradients + from, [at.HESSIANS]: this.#hessians + from });
    } else {
      this.#refuseStale();
      words[at.KERNEL / 4] = KERNELS[this.#source];
    }
    if (rows !== null || this.#last?.listed === true) this.#settle();
    words[at.ADD_LEAVES / 4] = this.#owed >= 0 ? 1 : 0;
    words[at.WITH_HISTOGRAM / 4] = rows === null ? 1 : 0;
    words[at.LISTED / 4] = rows === null ? 0 : 1;
    if (rows !== null) {
      words[at.LISTED_ROWS / 4] = rows.length;
      lease.u32(this.#index, rows.length).set(rows);
    }
    const reals = lease.f64(control, at.CONTROL_BYTES / 8);
    const scale = this.#scales[output];
    scale.apply(this.rows, () => {
      this.#settle();
      words[at.ADD_LEAVES / 4] = 0;
      this.#kernel.measure(control);
      return { gradient: reals[at.LARGEST_GRADIENT / 8], hessian: reals[at.LARGEST_HESSIAN / 8] };
    }, (gradientScale, hessianScale) => {
      reals[at.GRADIENT_SCALE / 8] = gradientScale;
      reals[at.HESSIAN_SCALE / 8] = hessianScale;
      this.#kernel.sweep(control);
      this.#owed = -1;
      return { gradients: reals[at.GRADIENT_SUM / 8], hessians: reals[at.HESSIAN_SUM / 8] };
    });
    const units = searchUnits(options, scale.gradient, scale.hessian);
    reals[at.LAMBDA / 8] = units.lambda;
    reals[at.LAMBDA_L1 / 8] = units.lambdaL1;
    reals[at.MOST_DELTA / 8] = units.maxDelta;
    reals[at.LEAST_GAIN / 8] = units.minGain;
    reals[at.LEAST_HESSIAN / 8] = units.minHessian;
    reals[at.LEAST_ROWS / 8] = options.minChildSamples - 0.5;
    reals[at.CAT_LAMBDA / 8] = units.catLambda;
    reals[at.CAT_SMOOTH / 8] = units.catSmooth;
    reals[at.CAT_ROWS / 8] = options.catSmooth;
    reals[at.GROUP_ROWS / 8] = options.minDataPerGroup;
    if (this.#treeMask !== 0 || this.#nodeMasks !== 0) {
      const masks = drawMasks(this.features, options, random);
      if (masks.tree !== null) lease.u8(this.#treeMask, this.features).set(masks.tree);
      if (masks.nodes !== null) lease.u8(this.#nodeMasks, masks.nodes.length).set(masks.nodes);
    }
    const count = this.#kernel.grow(control);
    const list = (n: number): Int32Array => lease.i32(this.#nodeWords + 4 * n * this.#nodeStep, count);
    const real = (n: number): Float64Array => lease.f64(this.#nodeReals + 8 * n * this.#nodeStep, count);
    const { tree, leafOf } = assembleTree({
      count,
      child: list(0),
      feature: list(1),
      bin: list(2),
      missingLeft: list(3),
      set: list(4),
      rows: list(5),
      sets: lease.u32(this.#sets, this.#sets === 0 ? 0 : 8 * options.maxLeaves),
      cover: real(0),
      gain: real(1),
      value: real(2),
    });
    this.#last = { tree, leafOf, numbers: list(6).slice(), listed: rows !== null };
    return tree;
  }

  leafOfRow(): Int32Array {
    const out = new Int32Array(this.rows).fill(-1);
    if (this.#last === null) return out;
    const mark = this.#lease.mark();
    const place = this.#lease.alloc(4 * this.rows);
    const leaves = this.#lease.i32(place, this.rows).fill(-1);
    this.#kernel.writeLeaves(this.#control, place);
    const { leafOf, numbers } = this.#last;
    const leafOfNumber = new Int32Array(this.#options.maxLeaves);
    for (let node = 0; node < leafOf.length; node++) if (leafOf[node] >= 0) leafOfNumber[numbers[node]] = leafOf[node];
    const order = this.#clustered ? this.#lease.u32(this.#order, this.rows) : null;
    for (let row = 0; row < this.rows; row++) if (leaves[row] >= 0) out[order === null ? row : order[row]] = leafOfNumber[leaves[row]];
    this.#lease.rewind(mark);
    return out;
  }

  renewLeaves(tree: GrownTree, quantile: number): void {
    this.#settle();
    const last = this.#last;
    if (last === null || last.tree !== tree) throw new Error("only the tree grown last has its rows at hand");
    if (tree.right.length === 1 && !last.listed) throw new Error("a tree without cuts never listed its rows");
    const lease = this.#lease;
    const mark = lease.mark();
    const residuals = lease.alloc(8 * this.rows);
    const values = lease.alloc(8 * this.#options.maxLeaves);
    this.#words({ [at.RESIDUALS]: residuals, [at.QUANTILES]: values });
    lease.f64(this.#control + at.QUANTILE, 1)[0] = quantile;
    this.#kernel.leafQuantiles(this.#control);
    const renewed = lease.f64(values, this.#options.maxLeaves);
    for (let node = 0; node < last.leafOf.length; node++) {
      if (last.leafOf[node] < 0) continue;
      const value = renewed[last.numbers[node]];
      if (!Number.isNaN(value)) tree.leaves[last.leafOf[node]] = value;
    }
    lease.rewind(mark);
  }

  addToScores(tree: GrownTree, output: number, factor: number): void {
    this.#settle();
    if (this.#source !== null) this.#stale = true;
    const last = this.#last;
    if (last === null || last.tree !== tree || last.listed) {
      this.#walk(tree, output, factor);
      return;
    }
    const values = this.#lease.f32(this.#leafValues, this.#options.maxLeaves);
    for (let node = 0; node < last.leafOf.length; node++) {
      if (last.leafOf[node] >= 0) values[last.numbers[node]] = tree.leaves[last.leafOf[node]] * factor;
    }
    this.#words({ [at.SCORES]: this.#scores + 4 * output * this.rows });
    if (this.outputs === 1) {
      // Left for the next sweep, which reads the scores anyway.
      this.#owed = output;
      return;
    }
    this.#kernel.addLeaves(this.#control);
    this.#words({ [at.SCORES]: this.#scores });
  }

  #walk(tree: GrownTree, output: number, factor: number): void {
    const lease = this.#lease;
    const { right, split, leaves } = tree;
    const words = tree.sets?.words ?? new Uint32Array(0);
    const turned = (node: number): boolean => right[node] !== 0 && (split[node] & 1) === 1 && (tree.sets?.setOf[node] ?? -1) < 0;
    const tables = words.length / 8 + right.reduce((count, _, node) => count + (turned(node) ? 1 : 0), 0);
    const mark = lease.mark();
    const nodes = lease.alloc(16 * right.length);
    const sides = lease.alloc(256 * tables);
    const whole = lease.i32(nodes, 4 * right.length);
    const single = lease.f32(nodes, 4 * right.length);
    const goesLeft = lease.u8(sides, 256 * tables);
    let table = 0;
    for (let node = 0; node < right.length; node++) {
      if (right[node] === 0) {
        whole[4 * node] = 1;
        single[4 * node + 1] = leaves[split[node]] * factor;
        continue;
      }
      whole[4 * node + 1] = splitFeature(split[node]) * this.rows;
      const set = tree.sets?.setOf[node] ?? -1;
      if (set < 0 && !turned(node)) {
        whole[4 * node] = 0;
        whole[4 * node + 2] = splitBin(split[node]);
        continue;
      }
      whole[4 * node] = 2;
      whole[4 * node + 2] = sides + 256 * table;
      for (let bin = 0; bin < 256; bin++) {
        const left = set >= 0 ? (words[8 * set + (bin >> 5)] >>> (bin & 31)) & 1 : bin === 255 || bin <= splitBin(split[node]) ? 1 : 0;
        goesLeft[256 * table + bin] = left;
      }
      table++;
    }
    this.#words({ [at.WALK_NODES]: nodes, [at.WALK_COUNT]: right.length, [at.WALK_OUT]: this.#scores + 4 * output * this.rows });
    this.#kernel.walk(this.#control);
    lease.rewind(mark);
  }

  close(): void {
    this.#lease.release();
  }
}
