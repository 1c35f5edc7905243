/**
 * One tree of an isolation forest: columns and places to cut drawn at random until a row stands alone.
 */
import { RunlabError } from "../errors.js";
import type { RandomStream } from "../random/index.js";
import { packArray, unpackArray } from "./typed-json.js";

/** In the order "node, its left side, its right side"; the left child of node i is node i + 1. */
export interface IsolationTree {
  /** Per node the column cut, -1 for a leaf. */
  readonly feature: Int32Array;
  /** Values up to this go left. */
  readonly threshold: Float64Array;
  readonly missingLeft: Uint8Array;
  /** Per node its right child; 0 for a leaf. */
  readonly right: Int32Array;
  /** Per node the rows of the tree that came there. */
  readonly rows: Int32Array;
}

const EULER = 0.5772156649015329;

/** Cuts that it takes on average to find a row among `rows` in a binary search tree: what a path is measured by. */
export function averagePathLength(rows: number): number {
  if (rows <= 1) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + EULER) - (2 * (rows - 1)) / rows;
}

/** Grows a tree on some rows of columns (NaN is missing), looking at the columns named. */
export function growIsolationTree(columns: readonly Float64Array[], features: Int32Array, rows: Uint32Array, random: RandomStream): IsolationTree {
  const most = 2 * rows.length;
  const feature = new Int32Array(most).fill(-1);
  const threshold = new Float64Array(most);
  const missingLeft = new Uint8Array(most);
  const right = new Int32Array(most);
  const held = new Int32Array(most);
  const deepest = Math.ceil(Math.log2(Math.max(2, rows.length)));
  const order = features.slice();
  const room = new Uint32Array(rows.length);
  const open = [{ from: 0, to: rows.length, depth: 0, parent: -1 }];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { from, to, depth, parent } = next;
    const node = nodes++;
    if (parent >= 0) right[parent] = node;
    held[node] = to - from;
    if (depth >= deepest || to - from <= 1) continue;
    const middle = cut(columns, order, rows, from, to, room, random, (f, at, missing) => {
      feature[node] = f;
      threshold[node] = at;
      missingLeft[node] = missing ? 1 : 0;
    });
    if (middle < 0) continue;
    open.push({ from: middle, to, depth: depth + 1, parent: node }, { from, to: middle, depth: depth + 1, parent: -1 });
  }
  return { feature: feature.slice(0, nodes), threshold: threshold.slice(0, nodes), missingLeft: missingLeft.slice(0, nodes), right: right.slice(0, nodes), rows: held.slice(0, nodes) };
}

/** Draws a column that tells the rows apart and a place between its least and its largest value; -1 when there is none. */
function cut(columns: readonly Float64Array[], order: Int32Array, rows: Uint32Array, from: number, to: number, room: Uint32Array, random: RandomStream, found: (feature: number, threshold: number, missingLeft: boolean) => void): number {
  for (let left = order.length; left > 0; ) {
    const drawn = random.int(left--);
    const feature = order[drawn];
    order[drawn] = order[left];
    order[left] = feature;
    const values = columns[feature];
    let least = Infinity;
    let largest = -Infinity;
    let missing = 0;
    for (let i = from; i < to; i++) {
      const value = values[rows[i]];
      if (value !== value) missing++;
      else {
        if (value < least) least = value;
        if (value > largest) largest = value;
      }
    }
    const constant = !(least < largest);
    if (constant && (missing === 0 || missing === to - from)) continue;
    // Missing values of a column that is else constant stand apart from it; others take a side by the toss of a coin.
    const missingLeft = constant ? false : random.int(2) === 1;
    let threshold = constant ? largest : least + random.next() * (largest - least);
    // An infinite span, or the rounding of the product, must not send all rows to one side.
    if (!(threshold >= least && threshold < largest)) threshold = least;
    found(feature, constant ? largest : threshold, missingLeft);
    const bound = constant ? largest : threshold;
    let leftEnd = from;
    let rightCount = 0;
    for (let i = from; i < to; i++) {
      const value = values[rows[i]];
      if (value !== value ? missingLeft : value <= bound) rows[leftEnd++] = rows[i];
      else room[rightCount++] = rows[i];
    }
    rows.set(room.subarray(0, rightCount), leftEnd);
    return leftEnd;
  }
  return -1;
}

/** Adds to `out`, per row of the columns, the length of its path: cuts passed, and those that its leaf still lacks on average. */
export function addPathLengths(tree: IsolationTree, columns: readonly Float64Array[], out: Float64Array): void {
  const { feature, threshold, missingLeft, right } = tree;
  const lengths = pathLengths(tree);
  for (let row = 0; row < out.length; row++) {
    let node = 0;
    for (let f = feature[0]; f >= 0; f = feature[node]) {
      const value = columns[f][row];
      node = value <= threshold[node] || (value !== value && missingLeft[node] === 1) ? node + 1 : right[node];
    }
    out[row] += lengths[node];
  }
}

function pathLengths(tree: IsolationTree): Float64Array {
  const lengths = new Float64Array(tree.feature.length);
  for (let node = 0; node < lengths.length; node++) {
    if (tree.feature[node] < 0) lengths[node] += averagePathLength(tree.rows[node]);
    else {
      lengths[node + 1] = lengths[node] + 1;
      lengths[tree.right[node]] = lengths[node] + 1;
    }
  }
  return lengths;
}

/** Trees as JSON data: their arrays one after another. */
export function isolationTreesToJson(trees: readonly IsolationTree[]): Record<string, unknown> {
  const joined = <A extends Int32Array | Float64Array | Uint8Array>(make: new (length: number) => A, of: (tree: IsolationTree) => A): A => {
    const out = new make(trees.reduce((sum, tree) => sum + tree.feature.length, 0));
    let at = 0;
    for (const tree of trees) {
      out.set(of(tree), at);
      at += tree.feature.length;
    }
    return out;
  };
  return {
    nodes: packArray(Int32Array.from(trees, (tree) => tree.feature.length)),
    feature: packArray(joined(Int32Array, (tree) => tree.feature)),
    threshold: packArray(joined(Float64Array, (tree) => tree.threshold)),
    missingLeft: packArray(joined(Uint8Array, (tree) => tree.missingLeft)),
    right: packArray(joined(Int32Array, (tree) => tree.right)),
    rows: packArray(joined(Int32Array, (tree) => tree.rows)),
  };
}

/** @throws RunlabError when the data is no trees on `features` columns. */
export function isolationTreesFromJson(json: unknown, features: number): IsolationTree[] {
  const data = (json ?? {}) as Record<string, unknown>;
  const nodes = unpackArray(data["nodes"], "int32", "the sizes of trees");
  const feature = unpackArray(data["feature"], "int32", "the columns of cuts");
  const threshold = unpackArray(data["threshold"], "float64", "the places of cuts");
  const missingLeft = unpackArray(data["missingLeft"], "uint8", "the sides of missing values");
  const right = unpackArray(data["right"], "int32", "the shape of trees");
  const rows = unpackArray(data["rows"], "int32", "the rows of nodes");
  const total = nodes.reduce((sum, count) => sum + (count > 0 ? count : NaN), 0);
  if (nodes.length === 0 || [feature, threshold, missingLeft, right, rows].some((each) => each.length !== total)) throw damaged("the parts of its trees do not fit each other");
  let at = 0;
  return Array.from(nodes, (count) => {
    const part = { feature: feature.slice(at, at + count), threshold: threshold.slice(at, at + count), missingLeft: missingLeft.slice(at, at + count), right: right.slice(at, at + count), rows: rows.slice(at, at + count) };
    at += count;
    checkTree(part, features);
    return part;
  });
}

/** Children come after their parents, so that no walk is without end. */
function checkTree({ feature, right, rows, threshold }: IsolationTree, features: number): void {
  for (let node = 0; node < feature.length; node++) {
    if (rows[node] < 0 || Number.isNaN(threshold[node])) throw damaged("a node of a tree is none");
    if (feature[node] === -1) continue;
    if (feature[node] < 0 || feature[node] >= features) throw damaged("a tree's cut names a feature that the model does not have");
    if (right[node] <= node + 1 || right[node] >= feature.length) throw damaged("a tree's right side is not behind its left one");
  }
}

function damaged(how: string): RunlabError {
  return new RunlabError(`the model file is damaged: ${how}`);
}
