/**
 * Trees of another library as flat arrays: one shape for every source, quick to walk, safe to load.
 */
import { RunlabError } from "../../errors.js";

/** A missing value goes left. */
export const MISSING_LEFT = 1;
/** Zero counts as missing at this node (LightGBM's `zero_as_missing`). */
export const ZERO_IS_MISSING = 2;
/** The node asks whether the value is in a set of categories: those in it go left. */
export const IN_SET = 4;
/** As `IN_SET`, but those in it go right. */
export const NOT_IN_SET = 8;

/**
 * All trees of a model, one after another, each in the order "node, its left side, its right side".
 *
 * Guarantees, which whoever builds one keeps: the left child of node i is node i + 1, the right one `right[i]`, later
 * than i and within the same tree; `right[i]` is 0 for a leaf. So every walk ends.
 */
export interface TreeArrays {
  /** The first node of each tree. */
  readonly roots: Int32Array;
  /** Which score each tree adds to. */
  readonly outputs: Int32Array;
  readonly right: Int32Array;
  readonly feature: Int32Array;
  /** What a row is asked at a node: a sum of the constants above; 0 where `value <= threshold` is all. */
  readonly rule: Uint8Array;
  /** Threshold (`value <= it` goes left), the number of a set of categories, or what a leaf adds. */
  readonly value: Float64Array;
  /** Set s is the bits of `setWords[setStarts[s]]` up to `setWords[setStarts[s + 1]]`. */
  readonly setStarts: Int32Array;
  readonly setWords: Uint32Array;
}

/** Where a source's node leads. */
export type SourceNode =
  | { readonly leaf: number }
  | { readonly feature: number; readonly left: number; readonly right: number; readonly threshold: number; readonly rule: number }
  | { readonly feature: number; readonly left: number; readonly right: number; readonly set: Uint32Array; readonly rule: number };

/** Most nodes of a model: their arrays are then 2 GB, more than any model that is of use. */
const MOST_NODES = 1 << 27;
/** Most 32-bit words of all category sets together: 64 MB. */
const MOST_SET_WORDS = 1 << 24;

/** Collects trees node by node and refuses whatever is no tree. */
export class TreeArraysBuilder {
  readonly #what: string;
  readonly #features: number;
  readonly #roots: number[] = [];
  readonly #outputs: number[] = [];
  #count = 0;
  #right = new Int32Array(1024);
  #feature = new Int32Array(1024);
  #rule = new Uint8Array(1024);
  #value = new Float64Array(1024);
  readonly #setStarts: number[] = [0];
  #setWords = new Uint32Array(64);

  /** @param what names the file in errors. @param features how many the model has. */
  constructor(what: string, features: number) {
    this.#what = what;
    this.#features = features;
  }

  /**
   * Adds a tree by walking it from node 0.
   *
   * @param nodes how many nodes the source has for it; names of nodes are 0 to `nodes - 1`.
   *
   * @throws RunlabError when a child does not exist or is reached twice (a cycle, or two parents), and for features
   * and numbers that cannot be.
   */
  add(output: number, nodes: number, node: (name: number) => SourceNode): void {
    const tree = this.#roots.length;
    const seen = new Uint8Array(nodes);
    this.#roots.push(this.#count);
    this.#outputs.push(output);
    // Names still to be visited, and the node whose right child each is (-1: a left child or the root).
    const names = [0];
    const parents = [-1];
    while (names.length > 0) {
      const name = names.pop()!;
      const parent = parents.pop()!;
      if (!(Number.isInteger(name) && name >= 0 && name < nodes)) throw this.#damaged(tree, `has a child that does not exist`, name);
      if (seen[name] === 1) throw this.#damaged(tree, "reaches a node twice", name);
      seen[name] = 1;
      const at = this.#next();
      if (parent >= 0) this.#right[parent] = at;
      const source = node(name);
      if ("leaf" in source) {
        if (!Number.isFinite(source.leaf)) throw this.#damaged(tree, "has a leaf that is not finite", source.leaf);
        this.#right[at] = 0;
        this.#value[at] = source.leaf;
        this.#rule[at] = 0;
        this.#feature[at] = 0;
        continue;
      }
      if (!(Number.isInteger(source.feature) && source.feature >= 0 && source.feature < this.#features)) throw this.#damaged(tree, `asks for a feature that is not among the ${this.#features}`, source.feature);
      this.#feature[at] = source.feature;
      this.#rule[at] = source.rule;
      if ("set" in source) this.#value[at] = this.#addSet(tree, source.set);
      else {
        if (Number.isNaN(source.threshold)) throw this.#damaged(tree, "has a threshold that is no number", source.threshold);
        this.#value[at] = source.threshold;
      }
      names.push(source.right, source.left);
      parents.push(at, -1);
    }
  }

  /** The arrays, cut to size. */
  done(): TreeArrays {
    const n = this.#count;
    return {
      roots: Int32Array.from(this.#roots), outputs: Int32Array.from(this.#outputs),
      right: this.#right.slice(0, n), feature: this.#feature.slice(0, n), rule: this.#rule.slice(0, n), value: this.#value.slice(0, n),
      setStarts: Int32Array.from(this.#setStarts), setWords: this.#setWords.slice(0, this.#setStarts.at(-1)!),
    };
  }

  #next(): number {
    if (this.#count === MOST_NODES) throw new RunlabError(`${this.#what} has too many nodes`, { allowed: `up to ${MOST_NODES}` });
    if (this.#count === this.#right.length) {
      this.#right = grown(this.#right);
      this.#feature = grown(this.#feature);
      this.#rule = grown(this.#rule);
      this.#value = grown(this.#value);
    }
    return this.#count++;
  }

  #addSet(tree: number, set: Uint32Array): number {
    const start = this.#setStarts.at(-1)!;
    if (start + set.length > MOST_SET_WORDS) throw this.#damaged(tree, "brings the sets of categories over their limit", `${start + set.length} words`);
    while (start + set.length > this.#setWords.length) this.#setWords = grown(this.#setWords);
    this.#setWords.set(set, start);
    this.#setStarts.push(start + set.length);
    return this.#setStarts.length - 2;
  }

  #damaged(tree: number, how: string, received: unknown): RunlabError {
    return new RunlabError(`${this.#what} is damaged: tree ${tree} ${how}`, { received });
  }
}

function grown<A extends Int32Array | Uint8Array | Float64Array | Uint32Array>(array: A): A {
  const larger = new (array.constructor as new (length: number) => A)(2 * array.length);
  larger.set(array);
  return larger;
}

/**
 * The arrays, if they keep the guarantees of `TreeArrays`.
 *
 * @throws RunlabError when they do not: they come from a model file that may be anything.
 */
export function checkedTreeArrays(arrays: TreeArrays, features: number, outputs: number): TreeArrays {
  const { roots, right, feature, rule, value, setStarts, setWords } = arrays;
  const nodes = right.length;
  const damaged = (how: string): RunlabError => new RunlabError(`the model file is damaged: ${how}`);
  if (feature.length !== nodes || rule.length !== nodes || value.length !== nodes || arrays.outputs.length !== roots.length) throw damaged("the parts of its trees do not fit each other");
  if (setStarts.length === 0 || setStarts[0] !== 0 || setStarts.at(-1) !== setWords.length) throw damaged("its sets of categories do not fit each other");
  for (let s = 1; s < setStarts.length; s++) if (setStarts[s] < setStarts[s - 1]) throw damaged("its sets of categories do not fit each other");
  if ((roots.length > 0 && roots[0] !== 0) || (roots.length === 0 && nodes > 0)) throw damaged("its first tree does not begin where it should");
  for (let t = 0; t < roots.length; t++) {
    if (arrays.outputs[t] < 0 || arrays.outputs[t] >= outputs) throw damaged(`tree ${t} adds to a score that the model does not have`);
    const end = t + 1 < roots.length ? roots[t + 1] : nodes;
    checkTree(arrays, t, end, features, damaged);
  }
  return arrays;
}

/** Rebuilds the shape from the order of nodes alone, and compares. */
function checkTree(arrays: TreeArrays, tree: number, end: number, features: number, damaged: (how: string) => RunlabError): void {
  const { right, feature, rule, value, setStarts } = arrays;
  const open: number[] = [];
  let node = arrays.roots[tree];
  if (!(node < end)) throw damaged(`tree ${tree} has no nodes`);
  for (; node < end; node++) {
    if (right[node] !== 0) {
      if (feature[node] < 0 || feature[node] >= features) throw damaged(`tree ${tree} asks for a feature that the model does not have`);
      const isSet = (rule[node] & (IN_SET | NOT_IN_SET)) !== 0;
      if (isSet ? !(Number.isInteger(value[node]) && value[node] >= 0 && value[node] < setStarts.length - 1) : Number.isNaN(value[node])) throw damaged(`tree ${tree} has a cut that cannot be`);
      open.push(node);
      continue;
    }
    if (!Number.isFinite(value[node])) throw damaged(`tree ${tree} has a leaf that is not finite`);
    const parent = open.pop();
    if (parent === undefined ? node !== end - 1 : node + 1 === end || right[parent] !== node + 1) throw damaged(`tree ${tree} is no tree`);
  }
  if (open.length > 0) throw damaged(`tree ${tree} ends before its last node`);
}
