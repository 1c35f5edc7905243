/**
 * Many trees in few bytes: what a reader can guess is not written.
 *
 * A node's kind, feature and bin are coded by how often they occurred in like places; a cut's bin within what the cuts above
 * leave; a missing value's side by whether it is the heavier one, which is where it goes when none was seen. A forest of
 * full trees takes about a byte and a half a cut.
 */
import { RunlabError } from "../../errors.js";
import { EVEN, RangeDecoder, RangeEncoder, evenChances } from "./range-coder.js";
import { nodeWeights } from "./prune.js";
import { MOST_FEATURES, type Tree, packSplit, splitBin, splitFeature, splitMissingLeft } from "./tree.js";

/** Gives a bit to the encoder, or takes it from the decoder and leaves what it is given out of account. */
interface Coder {
  bit(chances: Uint16Array, at: number, bit: number): number;
}

/** Levels of a tree that are told apart. */
const DEPTHS = 64;
/** More features than this share the chances of what follows what. */
const FEATURES_IN_PAIRS = 64;
/** Leaves of a tree that are told apart by what came before. */
const LEAVES_IN_PAIRS = 16;
const MOST_BIN = 254;
const NUMBER_BITS = 64;

/** All chances of a coding, for both directions. */
class Model {
  readonly inner = evenChances(2 * DEPTHS);
  readonly features: Uint16Array;
  readonly inside: Uint16Array;
  readonly bins: Uint16Array;
  readonly heavier: Uint16Array;
  readonly fresh = evenChances(4);
  readonly leaf = new Map<number, Uint16Array>();
  readonly numbers = new Map<number, Uint16Array>();
  readonly #even = evenChances(1);
  readonly featureBits: number;
  readonly pairs: boolean;

  constructor(readonly featureCount: number) {
    this.featureBits = Math.max(1, 32 - Math.clz32(featureCount - 1));
    this.pairs = featureCount <= FEATURES_IN_PAIRS;
    this.features = evenChances((this.pairs ? featureCount + 1 : 1) << this.featureBits);
    this.inside = evenChances(featureCount);
    this.bins = evenChances(featureCount * 256);
    this.heavier = evenChances(featureCount);
  }

  /** Whole numbers below 2^bits, most significant bit first. */
  number(coder: Coder, chances: Uint16Array, base: number, bits: number, value: number): number {
    let prefix = 1;
    for (let i = bits - 1; i >= 0; i--) prefix = (prefix << 1) | coder.bit(chances, base + prefix, (value >> i) & 1);
    return prefix - (1 << bits);
  }

  /** A number from `low` to `high`: bits that these two decide are not coded. */
  bin(coder: Coder, feature: number, low: number, high: number, value: number): number {
    let prefix = 1;
    for (let i = 7; i >= 0; i--) {
      const half = (((prefix << 1) | 1) << i) & 255;
      const bit = low >= half ? 1 : high < half ? 0 : coder.bit(this.bins, 256 * feature + prefix, (value >> i) & 1);
      prefix = (prefix << 1) | bit;
    }
    return prefix & 255;
  }

  /** Any whole number from 0 to 2^31 - 1: its length, then its bits. */
  whole(coder: Coder, channel: number, value: number): number {
    let chances = this.numbers.get(channel);
    if (chances === undefined) this.numbers.set(channel, (chances = evenChances(32 * NUMBER_BITS + 64)));
    const bits = this.number(coder, chances, 32 * NUMBER_BITS, 5, 32 - Math.clz32(value));
    if (bits <= 1) return bits;
    let out = 1;
    for (let i = bits - 2; i >= 0; i--) out = (out << 1) | coder.bit(chances, bits * NUMBER_BITS + (bits - i <= 5 ? out : 32 + i), (value >> i) & 1);
    return out;
  }

  /** For a bit that nothing is known of. */
  unlearned(): Uint16Array {
    this.#even[0] = EVEN;
    return this.#even;
  }

  leafChances(context: number, bits: number): Uint16Array {
    const key = 32 * context + bits;
    let chances = this.leaf.get(key);
    if (chances === undefined) this.leaf.set(key, (chances = evenChances(1 << Math.min(bits, 16))));
    return chances;
  }
}

/** A walk over a tree in the order of its nodes that keeps, for each feature, the bins that the cuts above leave. */
class Above {
  readonly low: Int32Array;
  readonly high: Int32Array;
  depth = 0;
  parentFeature: number;
  readonly #open: { feature: number; low: number; high: number; bin: number; right: boolean }[] = [];

  constructor(features: number) {
    this.low = new Int32Array(features);
    this.high = new Int32Array(features).fill(MOST_BIN);
    this.parentFeature = features;
  }

  enter(feature: number, bin: number): void {
    this.#open.push({ feature, low: this.low[feature], high: this.high[feature], bin, right: false });
    this.high[feature] = Math.max(0, Math.min(this.high[feature], bin - 1));
    this.depth++;
    this.parentFeature = feature;
  }

  /** After a leaf: on to the next right side, if there is one. */
  leave(): void {
    for (let last = this.#open.at(-1); last !== undefined; last = this.#open.at(-1)) {
      this.low[last.feature] = last.low;
      this.high[last.feature] = last.high;
      if (!last.right) {
        last.right = true;
        this.low[last.feature] = Math.min(MOST_BIN, Math.max(last.low, last.bin + 1));
        this.parentFeature = last.feature;
        this.depth = this.#open.length;
        return;
      }
      this.#open.pop();
    }
  }
}

/** What the trees are of, which their bytes do not say. */
export interface TreeKind {
  /** Features of the model. */
  readonly features: number;
  /** Classes of the target, 0 for a quantity. */
  readonly classes: number;
}

/** The bytes of trees without cuts by sets. */
export function packTrees(trees: readonly Tree[], kind: TreeKind): Uint8Array {
  const encoder = new RangeEncoder();
  const coder: Coder = { bit: (chances, at, bit) => (encoder.bit(chances, at, bit), bit) };
  const model = new Model(kind.features);
  for (const tree of trees) codeTree(coder, model, kind, () => false, tree);
  return encoder.end();
}

/** The trees again. @throws RunlabError when the bytes are no such trees. */
export function unpackTrees(bytes: Uint8Array, count: number, kind: TreeKind): Tree[] {
  const decoder = new RangeDecoder(bytes);
  const coder: Coder = { bit: (chances, at) => decoder.bit(chances, at) };
  const model = new Model(kind.features);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) trees.push(codeTree(coder, model, kind, () => decoder.spent, null));
  if (decoder.spent) throw damaged("its trees end too soon");
  return trees;
}

/** Codes a tree, or decodes one when there is none: both ways by the same steps, so that they cannot differ. */
function codeTree(coder: Coder, model: Model, { features, classes }: TreeKind, spent: () => boolean, tree: Tree | null): Tree {
  const channels = classes === 0 ? 2 : classes;
  const mayKnow = tree !== null;
  const right = new Words(tree?.right);
  const split = new Words(tree?.split);
  const open: number[] = [];
  const above = new Above(features);
  let entries = 0;
  let before = -1;
  for (let node = 0; ; node++) {
    if ((node & 1023) === 0 && spent()) throw damaged("its trees end too soon");
    const isInner = coder.bit(model.inner, 2 * Math.min(above.depth, DEPTHS - 1) + (before >= 0 ? 1 : 0), mayKnow && right.at(node) > 0 ? 1 : 0) === 1;
    if (isInner) {
      const cut = mayKnow ? split.at(node) : 0;
      const base = model.pairs ? above.parentFeature << model.featureBits : 0;
      const feature = model.number(coder, model.features, base, model.featureBits, splitFeature(cut));
      if (feature >= Math.min(features, MOST_FEATURES)) throw damaged("a tree's cut names a feature that the model does not have");
      const low = above.low[feature];
      const high = above.high[feature];
      const inside = coder.bit(model.inside, feature, splitBin(cut) >= low && splitBin(cut) <= high ? 0 : 1) === 0;
      const bin = inside && low <= high ? model.bin(coder, feature, low, high, splitBin(cut)) : model.bin(coder, feature, 0, 255, splitBin(cut));
      if (!mayKnow) {
        right.put(node, -1);
        split.put(node, packSplit(feature, bin, false));
      }
      open.push(node);
      above.enter(feature, bin);
      before = -1;
      continue;
    }
    const own = mayKnow ? split.at(node) : 0;
    const fresh = coder.bit(model.fresh, entries === 0 ? 0 : before >= 0 ? 1 : 2, own === entries ? 1 : 0) === 1;
    let leaf = entries;
    if (fresh) entries++;
    else if (entries === 0) throw damaged("a tree has a leaf that is none");
    else {
      const bits = Math.max(1, 32 - Math.clz32(entries - 1));
      // Of very many leaves only the upper half of the bits is worth learning.
      const learned = Math.min(bits, 12);
      const rest = bits - learned;
      const chances = model.leafChances(before >= 0 ? 1 + Math.min(before, LEAVES_IN_PAIRS) : 0, learned);
      leaf = model.number(coder, chances, 0, learned, own >> rest);
      for (let i = rest - 1; i >= 0; i--) leaf = 2 * leaf + coder.bit(model.unlearned(), 0, (own >> i) & 1);
      if (leaf >= entries) throw damaged("a tree has a leaf that is none");
    }
    if (!mayKnow) {
      right.put(node, 0);
      split.put(node, leaf);
    }
    before = leaf;
    const parent = open.pop();
    above.leave();
    if (parent === undefined) {
      right.length = node + 1;
      break;
    }
    if (!mayKnow) right.put(parent, node + 1);
  }
  const leaves = codeLeaves(coder, model, channels, entries, tree?.leaves ?? null, spent);
  const made: Tree = tree ?? { right: right.done(), split: split.done(right.length), leaves, channels };
  codeMissing(coder, model, made, classes, tree !== null);
  return made;
}

/** Numbers of leaves, a channel after another: whole ones by their length, others by their 64 bits. */
function codeLeaves(coder: Coder, model: Model, channels: number, entries: number, known: Float64Array | null, spent: () => boolean): Float64Array {
  const leaves = known ?? new Float64Array(entries * channels);
  const pair = new Float64Array(1);
  const words = new Uint32Array(pair.buffer);
  const kind = evenChances(1);
  for (let c = 0; c < channels; c++) {
    let whole = true;
    if (known !== null) for (let at = c; at < leaves.length; at += channels) whole = whole && Number.isInteger(leaves[at]) && leaves[at] >= 0 && leaves[at] < 0x7fffffff && !Object.is(leaves[at], -0);
    whole = coder.bit(kind, 0, whole ? 1 : 0) === 1;
    for (let at = c; at < entries * channels; at += channels) {
      if ((at & 1023) === 0 && spent()) throw damaged("its trees end too soon");
      if (whole) {
        leaves[at] = model.whole(coder, c, leaves[at]);
        continue;
      }
      pair[0] = leaves[at];
      for (let w = 1; w >= 0; w--) {
        let word = 0;
        for (let byte = 3; byte >= 0; byte--) {
          const chances = model.leafChances(1000 + 8 * Math.min(c, 7) + 4 * w + byte, 8);
          word = (word << 8) | model.number(coder, chances, 0, 8, (words[w] >>> (8 * byte)) & 255);
        }
        words[w] = word;
      }
      leaves[at] = pair[0];
    }
  }
  return leaves;
}

/** Where missing values go, told by whether that is the heavier side. */
function codeMissing(coder: Coder, model: Model, tree: Tree, classes: number, known: boolean): void {
  const { right, split } = tree;
  const weights = nodeWeights(tree, classes);
  for (let node = 0; node < right.length; node++) {
    if (right[node] === 0) continue;
    const feature = splitFeature(split[node]);
    const heavier = 2 * weights[node + 1] >= weights[node];
    const same = coder.bit(model.heavier, feature, splitMissingLeft(split[node]) === heavier ? 0 : 1) === 0;
    if (!known) split[node] = packSplit(feature, splitBin(split[node]), same ? heavier : !heavier);
  }
}

/** Words of a tree that is known, or that come one after another. */
class Words {
  length = 0;
  #words: Int32Array;

  constructor(known: Int32Array | undefined) {
    this.#words = known ?? new Int32Array(64);
  }

  at(index: number): number {
    return this.#words[index];
  }

  put(index: number, value: number): void {
    if (index >= this.#words.length) {
      const larger = new Int32Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[index] = value;
  }

  done(length = this.length): Int32Array {
    return this.#words.slice(0, length);
  }
}

function damaged(how: string): RunlabError {
  return new RunlabError(`the model file is damaged: ${how}`);
}
