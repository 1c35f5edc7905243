// Places in the control block of a grower, in bytes: read by the kernels (assembly/boost.ts) and written by TypeScript
// (models/trees/grower-wasm.ts), which both import this file. Addresses and counts are 32-bit words; what is real or 64 bits wide stands from REALS on.

export const ROWS = 0;
export const FEATURES = 4;
export const BLOCKS = 8;
/** Per block: groups, bytes between two groups' histograms, address of its rows, offset of its histograms; 16 bytes. */
export const BLOCK_TABLE = 12;
/** Bytes of one whole histogram. */
export const HISTOGRAM_BYTES = 16;
/** Per feature, 32 bytes: see FEATURE_… */
export const FEATURE_TABLE = 20;
/** Bins of all features, a column after another. */
export const COLUMNS = 24;
export const JOINTS = 28;
/** Per group of joined features, 16 bytes: offset of its histogram, cells, members, address of its members. */
export const JOINT_TABLE = 32;
/** Room for the histograms of joined features by themselves, for each thread. */
export const MARGINS = 36;
export const MARGIN_BYTES = 40;
export const SCORES = 44;
export const TARGET = 48;
/** 0 for none. */
export const WEIGHTS = 52;
export const GRADIENTS = 56;
export const HESSIANS = 60;
/** Gradient and hessian of a row in one 64-bit word. */
export const PACKED = 64;
export const INDEX = 68;
export const SPARE = 72;
/** Per thread and leaf: first place in the index, and rows. */
export const RANGES = 76;
export const RANGE_BYTES = 80;
/** Per thread 64 bytes: what a sweep adds up. */
export const SUMS = 84;
/** Values that are added to the scores of each leaf's rows. */
export const LEAF_VALUES = 88;
export const LEAVES = 92;
/** 1 when a sweep adds the leaf values of the tree before. */
export const ADD_LEAVES = 96;
/** 0: from the arrays; 1: squared; 2: logistic; 3: softmax. */
export const KERNEL = 100;
export const WITH_HISTOGRAM = 104;
/** 1 when the tree's rows are listed in the index, 0 when they are all rows. */
export const LISTED = 108;
export const LISTED_ROWS = 112;
/** Histograms of threads other than the first. */
export const THREAD_HISTOGRAMS = 116;
export const POOL = 120;
export const POOL_SLOTS = 124;
/** Free slots of the pool. */
export const FREE = 128;
export const GROWTH = 132;
export const MOST_LEAVES = 136;
export const MOST_DEPTH = 140;
/** 0: no L1, no bound of steps and nothing monotone. */
export const GENERAL = 144;
export const TREE_MASK = 148;
export const NODE_MASKS = 152;
/** Number of groups of features that may meet; their bytes per feature; and a byte per leaf and group. */
export const GROUPS = 156;
export const GROUP_MASKS = 160;
export const GROUP_LIVE = 164;
/** A byte per feature, for each thread. */
export const ALLOWED = 168;
export const LEAF_TABLE = 172;
/** Growth nodes: child, feature, bin, missing left, set, rows: one array each of 32-bit words. */
export const NODE_WORDS = 176;
/** Growth nodes: cover, gain, value. */
export const NODE_REALS = 180;
/** Words between two of these arrays. */
export const NODE_STEP = 184;
export const SETS = 188;
/** A histogram that stands in when the pool is empty; the scores of a symmetric level; room for sorting categories. */
export const WORK = 192;
export const LEVEL_SCORES = 196;
export const ORDER = 200;
export const OUTPUTS = 204;
export const HAS_CATEGORIES = 208;
export const MOST_ONE_HOT = 212;
export const MOST_CATEGORIES = 216;
/** Tables of 256 bytes, 1 for the bins that go left, of the split that is made. */
export const SIDES = 220;
/** The split that threads make: leaf, new leaf, feature, bin, kind (0 threshold, 1 table), whose histogram (0 left, 1 right, 2 none), its address. */
export const SPLIT_LEAF = 224;
export const SPLIT_NEW = 228;
export const SPLIT_FEATURE = 232;
export const SPLIT_BIN = 236;
export const SPLIT_KIND = 240;
export const SPLIT_SIDE = 244;
export const SPLIT_TO = 248;
/** The leaves to search: two of them, or -1. */
export const SEARCH_A = 252;
export const SEARCH_B = 256;
export const LEAF_COUNT = 260;
/** Walk of a tree: nodes, and what is added. */
export const WALK_NODES = 264;
/** How many nodes. */
export const WALK_COUNT = 268;
export const WALK_OUT = 272;
/** Rows of a sweep that are worth more than one thread. */
export const WORTH_SWEEP = 276;
export const WORTH_SPLIT = 280;
export const WORTH_SEARCH = 284;
/** A thread's room for a block of a walk: its rows, a spare of them, and the ranges that wait. */
export const WALK_ROOM = 288;
export const WALK_ROOM_BYTES = 292;
/** Room for a double a row, and a double a leaf. */
export const RESIDUALS = 296;
export const QUANTILES = 300;
/** Rows that a walk takes at a time. */
export const WALK_BLOCK = 2048;

export const REALS = 384;
export const LAMBDA = 384;
export const LAMBDA_L1 = 392;
export const MOST_DELTA = 400;
export const LEAST_GAIN = 408;
export const LEAST_HESSIAN = 416;
export const LEAST_ROWS = 424;
export const CAT_LAMBDA = 432;
/** In units, and as rows. */
export const CAT_SMOOTH = 440;
export const CAT_ROWS = 448;
export const GROUP_ROWS = 456;
export const GRADIENT_SCALE = 464;
export const HESSIAN_SCALE = 472;
/** Results of a sweep: sums of sizes of gradients, and of hessians. */
export const GRADIENT_SUM = 480;
export const HESSIAN_SUM = 488;
export const FACTOR = 496;
export const LARGEST_GRADIENT = 504;
export const LARGEST_HESSIAN = 512;
export const QUANTILE = 520;
export const CONTROL_BYTES = 640;

export const FEATURE_BYTES = 32;
/** Offset of the feature's histogram, in the whole one or in the margins; bins; 1 with missing values; 1 for categories; direction; 1 in the margins. */
export const FEATURE_AT = 0;
export const FEATURE_BINS = 4;
export const FEATURE_MISSING = 8;
export const FEATURE_CATEGORIES = 12;
export const FEATURE_DIRECTION = 16;
export const FEATURE_JOINED = 20;

export const LEAF_BYTES = 128;
