/**
 * Forests grown by the WebAssembly kernel `forest`: the trees that `grow.ts` grows, to the bit, many times as fast.
 */
import { elapsed } from "../../clock.js";
import { type Lease, leaseMemory, startCrew } from "../../kernels/index.js";
import type { RandomStream } from "../../random/index.js";
import type { BinnedTable } from "./binned-table.js";
import type { ForestOptions, ForestTarget, Units } from "./forest.js";
import type { GrownTree } from "./grow.js";

/** The order of fields of `Job` in the kernel, each four bytes, after eight of `leastGain`. */
const JOB_FIELDS = [
  "records", "rows", "features", "stride", "binsAt", "kind", "elsewhere", "channels", "counted", "bootstrap", "draws", "maxDepth", "minSplit",
  "minLeaf", "tried", "binsInUse", "keys", "trees", "next", "rooms", "results", "arena", "arenaBytes", "arenaUsed", "cutPoints",
] as const;
type Job = Record<(typeof JOB_FIELDS)[number], number>;

/** The order of fields of `Room` in the kernel. */
const ROOM_FIELDS = [
  "times", "near", "far", "histograms", "compact", "places", "stack", "right", "split", "gains", "order", "limits", "sums", "left", "trial",
  "leaves", "leafTable", "words", "pool", "leafRoom", "tableRoom", "slots", "slotBytes", "free",
] as const;
type Room = Record<(typeof ROOM_FIELDS)[number], number>;

const RESULT_WORDS = 4;
const DONE = 1;

interface ForestKernel {
  growTrees(job: number): void;
  streamBytes(): number;
  setCrew(control: number, threads: number): void;
}

/** What a record begins with; see the kernel. */
const KIND = { pair: 0, sums: 1, wide: 2, counted: 3, many: 4 } as const;
const PAIR_BYTES = 4;
const OTHER_BYTES = 16;

/** Up to this many squares of sums are exact whole numbers: weights of a tree up to 2^26.5. */
const EXACT_SQUARES = 94_906_265;
/** Records longer than this hold the address of their bins instead. */
const MOST_RECORD_BYTES = 96;
const BINS = 256;
/** Memory of a thread for histograms that wait for their subtraction. */
const POOL_BYTES = 16 * 1024 * 1024;
const MOST_SLOTS = 64;
/** Rows of a node from which the kernel keeps histograms. */
const ROWS_TO_SUBTRACT = 512;
/** First room for leaves that differ; it grows when a tree needs more. */
const LEAF_BYTES = 8 * 1024 * 1024;
const ARENA_BYTES = 192 * 1024 * 1024;
/** About the time between two looks at the clock: progress is told, and a stop is heard, that often. */
const ROUND_MS = 300;

/** Grows all trees of a forest; `onTree` gets each in order, its leaves still in whole-number units. */
export function growInKernel(table: BinnedTable, target: ForestTarget, units: Units, options: ForestOptions, random: RandomStream, threads: number, onTree: (grown: GrownTree, index: number) => void): void {
  const lease = leaseMemory();
  try {
    const crew = startCrew(lease, "forest", threads);
    new Growing(lease, table, target, units, options, random, crew.size, onTree).run();
  } finally {
    lease.release();
  }
}

class Growing {
  readonly #lease: Lease;
  readonly #kernel: ForestKernel;
  readonly #table: BinnedTable;
  readonly #options: ForestOptions;
  readonly #threads: number;
  readonly #onTree: (grown: GrownTree, index: number) => void;
  readonly #job: Job;
  readonly #jobAt: number;
  readonly #leastGain: number;
  readonly #drawn: number;
  #leafRoom: number;
  /** What a tree takes in the arena: the most there can be at first, then a little above the most there was. */
  #treeBytes: number;

  constructor(lease: Lease, table: BinnedTable, target: ForestTarget, units: Units, options: ForestOptions, random: RandomStream, threads: number, onTree: (grown: GrownTree, index: number) => void) {
    this.#lease = lease;
    this.#kernel = lease.kernel<ForestKernel>("forest");
    this.#table = table;
    this.#options = options;
    this.#threads = threads;
    this.#onTree = onTree;
    this.#leastGain = options.minImpurityDecrease * units.squares;
    this.#drawn = options.bootstrap ? Math.min(options.draws, table.rows) : table.rows;
    const { kind, channels, counted } = recordKind(target, units, options);
    const payload = kind === KIND.pair ? PAIR_BYTES : OTHER_BYTES;
    const long = roundUp(payload + table.features, 16);
    const elsewhere = long > MOST_RECORD_BYTES;
    const stride = elsewhere ? roundUp(payload + 4, 16) : long;
    this.#leafRoom = Math.min(this.#drawn, Math.max(1024, Math.floor(LEAF_BYTES / (8 * channels))));
    this.#treeBytes = 16 * this.#drawn + 8 * channels * this.#leafRoom + 8 * table.features + 64;
    this.#jobAt = lease.alloc(8 + 4 * JOB_FIELDS.length);
    this.#job = {
      records: lease.alloc(table.rows * stride), rows: table.rows, features: table.features, stride, binsAt: payload, kind, elsewhere: elsewhere ? 1 : 0,
      channels, counted, bootstrap: options.bootstrap ? 1 : 0, draws: options.draws,
      maxDepth: Math.min(options.maxDepth, 0x7fffffff), minSplit: Math.min(options.minSamplesSplit, 0x7fffffff), minLeaf: Math.min(options.minSamplesLeaf, 0x3fffffff), tried: options.maxFeatures,
      binsInUse: lease.alloc(4 * table.features), keys: lease.alloc(16 * options.trees), trees: 0, next: 0, rooms: 0,
      results: lease.alloc(4 * RESULT_WORDS * options.trees), arena: 0, arenaBytes: 0, arenaUsed: 0, cutPoints: 0,
    };
    if (options.cutPoints != null) {
      this.#job.cutPoints = lease.alloc(8 * BINS * table.features);
      lease.f64(this.#job.cutPoints, BINS * table.features).set(options.cutPoints);
    }
    const rowsAt = elsewhere ? lease.alloc(table.rows * table.features) : 0;
    this.#writeRecords(target, units, rowsAt);
    lease.i32(this.#job.binsInUse, table.features).set(table.counts);
    const keys = lease.i32(this.#job.keys, 4 * options.trees);
    for (let i = 0; i < options.trees; i++) keys.set(random.split(i).key, 4 * i);
  }

  run(): void {
    const { trees } = this.#options;
    let ground = this.#lease.mark();
    this.#layRooms();
    let top = this.#lease.mark();
    let round = this.#threads;
    for (let first = 0; first < trees; ) {
      round = Math.max(1, Math.min(round, trees - first, Math.floor(ARENA_BYTES / this.#treeBytes)));
      this.#lease.rewind(top);
      this.#job.arenaBytes = round * this.#treeBytes;
      this.#job.arena = this.#lease.alloc(this.#job.arenaBytes);
      this.#job.arenaUsed = 0;
      this.#job.next = first;
      this.#job.trees = first + round;
      const started = elapsed();
      this.#grow(first, round);
      const milliseconds = elapsed() - started;
      const done = this.#fetch(first, round);
      first += done;
      if (done < round) {
        // A tree found no room: more of everything, and once again from there.
        this.#leafRoom = Math.min(this.#drawn, 4 * this.#leafRoom);
        this.#treeBytes = Math.max(2 * this.#treeBytes, 16 * this.#drawn + 8 * this.#job.channels * this.#leafRoom);
        this.#lease.rewind(ground);
        this.#layRooms();
        top = this.#lease.mark();
      }
      round = this.#threads * Math.max(1, Math.round((ROUND_MS * round) / this.#threads / Math.max(1, milliseconds)));
    }
  }

  #grow(first: number, round: number): void {
    const { results } = this.#job;
    this.#lease.u8(results + 4 * RESULT_WORDS * first, 4 * RESULT_WORDS * round).fill(0);
    this.#lease.f64(this.#jobAt, 1)[0] = this.#leastGain;
    const job = this.#lease.i32(this.#jobAt + 8, JOB_FIELDS.length);
    JOB_FIELDS.forEach((field, i) => (job[i] = this.#job[field]));
    this.#kernel.growTrees(this.#jobAt);
  }

  /** Takes the finished trees out of the arena, up to the first that is not, and says how many they were. */
  #fetch(first: number, round: number): number {
    const { features } = this.#table;
    const { results, channels } = this.#job;
    let largest = 0;
    for (let i = 0; i < round; i++) {
      const [status, nodes, leaves, at] = this.#lease.i32(results + 4 * RESULT_WORDS * (first + i), RESULT_WORDS);
      if (status !== DONE) return i;
      const address = at >>> 0;
      const gainsAt = address + 8 * channels * leaves;
      const nodesAt = gainsAt + 8 * features;
      largest = Math.max(largest, 8 * channels * leaves + 8 * features + 8 * nodes);
      const tree = {
        right: this.#lease.i32(nodesAt, nodes).slice(),
        split: this.#lease.i32(nodesAt + 4 * nodes, nodes).slice(),
        leaves: this.#lease.f64(address, channels * leaves).slice(),
        channels,
      };
      this.#onTree({ tree, gains: this.#lease.f64(gainsAt, features).slice() }, first + i);
    }
    if (first === 0) this.#treeBytes = Math.min(this.#treeBytes, roundUp(Math.ceil(1.25 * largest) + 4096, 64));
    return round;
  }

  #layRooms(): void {
    const lease = this.#lease;
    const { features, rows } = this.#table;
    const { channels, counted, kind, stride } = this.#job;
    const entry = kind === KIND.pair ? 8 : kind === KIND.many ? 8 * (channels + counted) : 16;
    const slotBytes = roundUp(features * BINS * entry, 16);
    const subtracts = this.#options.maxFeatures >= features && this.#job.cutPoints === 0 && rows >= ROWS_TO_SUBTRACT;
    const slots = subtracts ? Math.max(2, Math.min(MOST_SLOTS, Math.floor(POOL_BYTES / slotBytes))) : 0;
    const depth = Math.min(this.#drawn, features * BINS, this.#options.maxDepth) + 2;
    const tableRoom = powerAbove(2 * this.#leafRoom);
    const words = this.#kernel.streamBytes();
    const rooms = Array.from({ length: this.#threads }, (): Room => ({
      times: lease.alloc(rows), near: lease.alloc(this.#drawn * stride + stride), far: lease.alloc(this.#drawn * stride + stride),
      histograms: lease.alloc(4 * BINS * entry), compact: lease.alloc((BINS + 1) * entry), places: lease.alloc(4 * (BINS + 1)),
      stack: lease.alloc((depth + 1) * (32 + 8 * channels)), right: lease.alloc(8 * this.#drawn), split: lease.alloc(8 * this.#drawn),
      gains: lease.alloc(8 * features), order: lease.alloc(4 * features), limits: lease.alloc(8 * features),
      sums: lease.alloc(8 * (channels + 1)), left: lease.alloc(8 * channels), trial: lease.alloc(8 * (channels + 1)),
      leaves: lease.alloc(8 * channels * this.#leafRoom), leafTable: lease.alloc(4 * tableRoom), words: lease.alloc(words), pool: lease.alloc(slots * slotBytes),
      leafRoom: this.#leafRoom, tableRoom, slots, slotBytes, free: lease.alloc(4 * slots),
    }));
    this.#job.rooms = lease.alloc(4 * ROOM_FIELDS.length * rooms.length);
    const view = lease.i32(this.#job.rooms, ROOM_FIELDS.length * rooms.length);
    rooms.forEach((room, r) => {
      ROOM_FIELDS.forEach((field, i) => (view[r * ROOM_FIELDS.length + i] = room[field]));
      lease.u8(room.histograms, 4 * BINS * entry).fill(0);
    });
  }

  #writeRecords(target: ForestTarget, units: Units, rowsAt: number): void {
    const { records, stride, binsAt, kind, elsewhere } = this.#job;
    const { rows, features, bins, rowStep, featureStep } = this.#table;
    const words = this.#lease.i32(records, (rows * stride) / 4);
    const step = stride / 4;
    const weights = units.weights.units;
    if (target.kind === "classes") {
      const { labels } = target;
      for (let row = 0, at = 0; row < rows; row++, at += step) {
        const weight = weights[row];
        const label = labels[row];
        if (kind === KIND.pair) words[at] = weight | (label << 31);
        else if (kind === KIND.counted) {
          words[at] = label === 0 ? weight : 0;
          words[at + 1] = label === 1 ? weight : 0;
          words[at + 2] = 1;
          words[at + 3] = 0;
        } else if (kind === KIND.wide) {
          putWide(words, at, label === 0 ? weight : 0);
          putWide(words, at + 2, label === 1 ? weight : 0);
        } else {
          putWide(words, at, weight);
          words[at + 2] = label;
          words[at + 3] = 0;
        }
      }
    } else {
      const values = units.values!.units;
      for (let row = 0, at = 0; row < rows; row++, at += step) {
        putWide(words, at, values[row] * weights[row]);
        words[at + 2] = weights[row];
        words[at + 3] = 0;
      }
    }
    const start = elsewhere === 1 ? rowsAt : records + binsAt;
    const width = elsewhere === 1 ? features : stride;
    const out = this.#lease.u8(start, rows * width - (elsewhere === 1 ? 0 : binsAt));
    for (let f = 0; f < features; f++) {
      for (let row = 0, from = f * featureStep, to = f; row < rows; row++, from += rowStep, to += width) out[to] = bins[from];
    }
    if (elsewhere === 1) for (let row = 0; row < rows; row++) words[row * step + binsAt / 4] = rowsAt + row * features;
  }
}

function recordKind(target: ForestTarget, units: Units, options: ForestOptions): { kind: number; channels: number; counted: number } {
  const counted = options.minSamplesLeaf > 1;
  if (target.kind === "sums") return { kind: KIND.sums, channels: 2, counted: 0 };
  const narrow = units.weights.scale === 1 && units.weightBound <= EXACT_SQUARES;
  if (target.classes === 2 && narrow) return { kind: counted ? KIND.counted : KIND.pair, channels: 2, counted: 0 };
  if (target.classes === 2 && !counted) return { kind: KIND.wide, channels: 2, counted: 0 };
  return { kind: KIND.many, channels: target.classes, counted: counted ? 1 : 0 };
}

/** A whole number as 64 bits. */
function putWide(words: Int32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = Math.floor(value / 4294967296);
}

function roundUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

function powerAbove(value: number): number {
  let power = 256;
  while (power < value) power *= 2;
  return power;
}
