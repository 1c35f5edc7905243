/**
 * XGBoost's JSON model, parsed: `Booster.save_model("model.json")` of versions 1 to 3. UBJSON holds the same document.
 */
import { RunlabError } from "../../errors.js";
import { type ForeignModel, MOST_FEATURES, MOST_OUTPUTS } from "./foreign-model.js";
import type { ForeignFile } from "./lightgbm-text.js";
import type { Link } from "./links.js";
import { MISSING_LEFT, NOT_IN_SET, type SourceNode, type TreeArrays, TreeArraysBuilder } from "./tree-arrays.js";

const WHAT = "the XGBoost model";

interface Objective {
  readonly task: "classification" | "regression";
  readonly link: Link;
  /** How `base_score`, which is in the unit of the prediction, becomes a score. */
  readonly base: "identity" | "logit" | "log";
}

/** Objectives by their name in the file. */
const OBJECTIVES: Readonly<Record<string, Objective>> = {
  "reg:squarederror": { task: "regression", link: "identity", base: "identity" },
  "reg:linear": { task: "regression", link: "identity", base: "identity" },
  "reg:squaredlogerror": { task: "regression", link: "identity", base: "identity" },
  "reg:pseudohubererror": { task: "regression", link: "identity", base: "identity" },
  "reg:absoluteerror": { task: "regression", link: "identity", base: "identity" },
  "reg:quantileerror": { task: "regression", link: "identity", base: "identity" },
  "reg:expectileerror": { task: "regression", link: "identity", base: "identity" },
  "reg:logistic": { task: "regression", link: "sigmoid", base: "logit" },
  "reg:gamma": { task: "regression", link: "exp", base: "log" },
  "reg:tweedie": { task: "regression", link: "exp", base: "log" },
  "count:poisson": { task: "regression", link: "exp", base: "log" },
  "survival:cox": { task: "regression", link: "exp", base: "log" },
  "survival:aft": { task: "regression", link: "exp", base: "log" },
  "binary:logistic": { task: "classification", link: "sigmoid", base: "logit" },
  "binary:logitraw": { task: "classification", link: "sigmoid", base: "identity" },
  "binary:hinge": { task: "classification", link: "step", base: "identity" },
  "multi:softprob": { task: "classification", link: "softmax", base: "identity" },
  "multi:softmax": { task: "classification", link: "softmax", base: "identity" },
  "rank:pairwise": { task: "regression", link: "identity", base: "identity" },
  "rank:ndcg": { task: "regression", link: "identity", base: "identity" },
  "rank:map": { task: "regression", link: "identity", base: "identity" },
};

/** From here on a float32 is no exact category; XGBoost takes no higher ones. */
const CATEGORIES_END = 16777216;

type Doc = Record<string, unknown>;

/**
 * The content of an XGBoost model.
 *
 * @param iterations how many rounds to use, from the first. Default: all.
 *
 * @throws RunlabError, in one line, for what is no such model, is damaged, or predicts several targets at once.
 */
export function xgboostModel(document: unknown, iterations: number | null): ForeignFile {
  if (!isDoc(document) || !isDoc(document.learner)) throw new RunlabError("this is not an XGBoost model", { received: described(document), allowed: 'what Booster.save_model("model.json") or save_model("model.ubj") writes' });
  const { learner } = document;
  const param = part(learner, "learner_model_param");
  const features = whole(param.num_feature, "num_feature", 1, MOST_FEATURES);
  const classes = whole(param.num_class ?? 0, "num_class", 0, MOST_OUTPUTS);
  const targets = whole(param.num_target ?? 1, "num_target", 1, 1 << 30);
  if (targets > 1) throw new RunlabError("an XGBoost model of several targets at once cannot be read", { received: `${targets} targets`, allowed: "models of one target" });
  const outputs = Math.max(1, classes);
  const name = String(part(learner, "objective").name);
  const objective = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
  if (objective === undefined) throw new RunlabError("the XGBoost model has an objective that is not known", { received: name, allowed: Object.keys(OBJECTIVES).join(", ") });
  if ((objective.link === "softmax") !== outputs > 1) throw damaged(`objective ${name} does not go with ${classes} classes`);
  const booster = part(learner, "gradient_booster");
  const { model, factors } = boosterModel(booster);
  const gains = new Float64Array(features);
  const linear = booster.name === "gblinear";
  if (linear && iterations !== null) throw new RunlabError("a linear booster has no rounds to choose from", { received: `iterations ${iterations}` });
  const trees = linear ? noTrees(features) : treesOf(model, features, outputs, iterations, gains);
  const weights = linear ? linearWeights(model, features, outputs, gains) : null;
  const start = startOf(param.base_score, objective.base, outputs);
  // XGBoost's linear booster adds the first class's base_score to every class.
  if (weights !== null) for (let k = outputs - 1; k >= 0; k--) start[k] = Math.fround(weights.bias[k] + start[0]);
  return {
    task: objective.task,
    rows: 0,
    featureNames: namesOf(learner.feature_names, features),
    model: {
      source: "XGBoost", objective: name, link: objective.link, slope: 1, outputs, start, average: 1, trees, gains,
      factors: factors === null ? null : factorsOf(factors, trees, model),
      weights: weights?.weights ?? null,
      categories: categoriesOf(model, features),
    },
  };
}

function isDoc(value: unknown): value is Doc {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function described(value: unknown): string {
  return isDoc(value) ? `an object with ${Object.keys(value).slice(0, 5).join(", ") || "nothing"}` : Array.isArray(value) ? "a list" : String(value);
}

function damaged(how: string, ...received: unknown[]): RunlabError {
  return new RunlabError(`${WHAT} is damaged: ${how}`, received.length > 0 ? { received: received[0] } : {});
}

function part(of: Doc, name: string): Doc {
  const value = of[name];
  if (!isDoc(value)) throw damaged(`it has no ${name}`);
  return value;
}

/** Whole numbers are texts in most versions. */
function whole(value: unknown, what: string, least: number, most: number): number {
  const number = typeof value === "string" && /^\d{1,10}$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most) throw new RunlabError(`${WHAT} is damaged: ${what} is a whole number`, { received: value, allowed: `${least} to ${most}` });
  return number;
}

/**
 * A list of finite numbers (or of booleans, as the first versions write `default_left`).
 *
 * @param loose others are allowed too, as NaN: the caller looks at those that matter. Version 2 has NaN for the
 * threshold of a category cut.
 */
function numbers(value: unknown, what: string, length?: number, loose = false): ArrayLike<number> {
  const list = ArrayBuffer.isView(value) ? (value as Float64Array) : value;
  if (!Array.isArray(list) && !(list instanceof Float64Array) && !(list instanceof Float32Array)) throw damaged(`${what} is missing`);
  if (length !== undefined && list.length !== length) throw damaged(`${what} should have ${length} numbers`, list.length);
  if (loose) return Float64Array.from(list as ArrayLike<unknown>, (each) => (typeof each === "number" ? each : NaN));
  for (let i = 0; i < list.length; i++) {
    const each: unknown = list[i];
    if (typeof each !== "boolean" && !(typeof each === "number" && Number.isFinite(each))) throw damaged(`${what} holds something that is no finite number`, each);
  }
  return list as ArrayLike<number>;
}

/** "0.5", "[5E-1]" or "[0.1,0.2,0.3]", by version. In the unit of predictions. */
function startOf(text: unknown, base: Objective["base"], outputs: number): Float64Array {
  const values = String(text ?? "").replace(/^\[(.*)\]$/, "$1").split(",").map((each) => (each.trim() === "" ? NaN : Math.fround(Number(each))));
  if (!(values.length === 1 || values.length === outputs) || !values.every(Number.isFinite)) throw damaged("base_score is a number, or one a class", text);
  return Float64Array.from({ length: outputs }, (_, k) => {
    const value = values[values.length === 1 ? 0 : k];
    const score = base === "identity" ? value : base === "log" ? Math.fround(Math.log(value)) : Math.fround(-Math.fround(Math.log(Math.fround(Math.fround(1 / value) - 1))));
    if (!Number.isFinite(score)) throw damaged(`base_score ${value} does not go with its objective`);
    return score;
  });
}

function boosterModel(booster: Doc): { model: Doc; factors: unknown } {
  switch (booster.name) {
    case "gbtree":
    case "gblinear":
      return { model: part(booster, "model"), factors: null };
    case "dart":
      return { model: part(part(booster, "gbtree"), "model"), factors: booster.weight_drop ?? [] };
    default:
      throw damaged("its booster is not known", booster.name);
  }
}

function noTrees(features: number): TreeArrays {
  return new TreeArraysBuilder(WHAT, features).done();
}

function treesOf(model: Doc, features: number, outputs: number, iterations: number | null, gains: Float64Array): TreeArrays {
  const { trees } = model;
  if (!Array.isArray(trees)) throw damaged("it has no list of trees");
  const groups = numbers(model.tree_info, "tree_info", trees.length);
  const used = treesUsed(model, trees.length, outputs, iterations);
  const builder = new TreeArraysBuilder(WHAT, features);
  for (let t = 0; t < used; t++) {
    const group = Number(groups[t]);
    if (!(Number.isInteger(group) && group >= 0 && group < outputs)) throw damaged(`tree ${t} adds to a class that is not there`, group);
    if (!isDoc(trees[t])) throw damaged(`tree ${t} is missing`);
    addTree(builder, trees[t], t, group, gains);
  }
  return builder.done();
}

function treesUsed(model: Doc, trees: number, outputs: number, iterations: number | null): number {
  if (iterations === null) return trees;
  const param = isDoc(model.gbtree_model_param) ? model.gbtree_model_param : {};
  const each = outputs * whole(param.num_parallel_tree ?? 1, "num_parallel_tree", 1, 1 << 20);
  if (iterations * each > trees) throw new RunlabError("the XGBoost model has fewer rounds", { received: `iterations ${iterations}`, allowed: `up to ${Math.floor(trees / each)}` });
  return iterations * each;
}

function addTree(builder: TreeArraysBuilder, tree: Doc, at: number, output: number, gains: Float64Array): void {
  const what = (name: string): string => `${name} of tree ${at}`;
  const leafSize = isDoc(tree.tree_param) ? whole(tree.tree_param.size_leaf_vector ?? 1, what("size_leaf_vector"), 0, 1 << 30) : 1;
  if (leafSize > 1) throw new RunlabError("an XGBoost model of several targets at once cannot be read", { received: `${leafSize} values a leaf`, allowed: "models of one target" });
  const left = numbers(tree.left_children, what("left_children"));
  const nodes = left.length;
  if (nodes === 0) throw damaged(`tree ${at} has no nodes`);
  const right = numbers(tree.right_children, what("right_children"), nodes);
  const feature = numbers(tree.split_indices, what("split_indices"), nodes);
  const condition = numbers(tree.split_conditions, what("split_conditions"), nodes, true);
  const defaultLeft = numbers(tree.default_left, what("default_left"), nodes);
  const gain = tree.loss_changes === undefined ? null : numbers(tree.loss_changes, what("loss_changes"), nodes, true);
  const types = tree.split_type === undefined ? null : numbers(tree.split_type, what("split_type"), nodes);
  const sets = types === null ? new Map<number, Uint32Array>() : categorySets(tree, what);
  builder.add(output, nodes, (name): SourceNode => {
    if (left[name] === -1) return { leaf: Math.fround(condition[name]) };
    const children = { feature: feature[name], left: left[name], right: right[name] };
    const missing = defaultLeft[name] ? MISSING_LEFT : 0;
    if (gain !== null && children.feature >= 0 && children.feature < gains.length) gains[children.feature] += Number.isFinite(gain[name]) ? Math.max(0, gain[name]) : 0;
    if (types === null || types[name] === 0) return { ...children, threshold: below(Math.fround(condition[name])), rule: missing };
    const set = sets.get(name);
    if (types[name] !== 1 || set === undefined) throw damaged(`tree ${at} has a cut of an unknown kind at node ${name}`, types[name]);
    return { ...children, set, rule: missing + NOT_IN_SET };
  });
}

/** The categories that go right, by the name of the node. */
function categorySets(tree: Doc, what: (name: string) => string): Map<number, Uint32Array> {
  const sets = new Map<number, Uint32Array>();
  const nodes = numbers(tree.categories_nodes ?? [], what("categories_nodes"));
  const starts = numbers(tree.categories_segments ?? [], what("categories_segments"), nodes.length);
  const sizes = numbers(tree.categories_sizes ?? [], what("categories_sizes"), nodes.length);
  const categories = numbers(tree.categories ?? [], what("categories"));
  for (let i = 0; i < nodes.length; i++) {
    const start = starts[i];
    const end = start + sizes[i];
    if (!(Number.isInteger(start) && start >= 0 && Number.isInteger(end) && end > start && end <= categories.length)) throw damaged(`${what("categories")} are fewer than its nodes name`);
    let most = 0;
    for (let c = start; c < end; c++) {
      if (!(Number.isInteger(categories[c]) && categories[c] >= 0 && categories[c] < CATEGORIES_END)) throw damaged(`${what("categories")} holds something that is no category`, categories[c]);
      most = Math.max(most, categories[c]);
    }
    const words = new Uint32Array((most >>> 5) + 1);
    for (let c = start; c < end; c++) words[categories[c] >>> 5] |= 1 << (categories[c] & 31);
    sets.set(nodes[i], words);
  }
  return sets;
}

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The next float32 below: values are float32, so `value < x` is `value <= below(x)`. */
function below(x: number): number {
  if (x === 0) return -Math.fround(2 ** -149);
  single[0] = x;
  bits[0] += x > 0 ? -1 : 1;
  return single[0];
}

function factorsOf(value: unknown, trees: TreeArrays, model: Doc): Float64Array {
  const factors = numbers(value, "weight_drop", (model.trees as unknown[]).length);
  return Float64Array.from({ length: trees.roots.length }, (_, t) => Math.fround(factors[t]));
}

/** Feature after feature the weights of all classes, then the constants. */
function linearWeights(model: Doc, features: number, outputs: number, gains: Float64Array): { weights: Float64Array; bias: Float64Array } {
  const all = Float64Array.from(numbers(model.weights, "weights", (features + 1) * outputs), Math.fround);
  for (let f = 0; f < features; f++) for (let k = 0; k < outputs; k++) gains[f] += Math.abs(all[f * outputs + k]);
  return { weights: all.slice(0, features * outputs), bias: all.slice(features * outputs) };
}

function namesOf(value: unknown, features: number): string[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return Array.from({ length: features }, (_, f) => `f${f}`);
  if (!Array.isArray(value) || value.length !== features || !value.every((name) => typeof name === "string")) throw damaged(`feature_names should have ${features} names`, Array.isArray(value) ? value.length : value);
  return value as string[];
}

/** Names of categories, which version 3.1 and later keep: bytes and offsets of texts, or numbers. */
function categoriesOf(model: Doc, features: number): (string[] | null)[] {
  const none = new Array<string[] | null>(features).fill(null);
  const lists = isDoc(model.cats) ? model.cats.enc : undefined;
  if (!Array.isArray(lists) || lists.length === 0) return none;
  if (lists.length !== features) throw damaged(`it names the categories of ${lists.length} features and has ${features}`);
  return lists.map((list: unknown, f) => {
    if (!isDoc(list)) throw damaged(`the categories of feature ${f} are no list`);
    const values = numbers(list.values, `the categories of feature ${f}`);
    if (list.offsets === undefined) return values.length === 0 ? null : Array.from(values, String);
    const offsets = numbers(list.offsets, `the categories of feature ${f}`);
    if (offsets.length < 2) return null;
    const bytes = Uint8Array.from(values);
    const decoder = new TextDecoder();
    return Array.from({ length: offsets.length - 1 }, (_, i) => {
      if (!(Number.isInteger(offsets[i]) && offsets[i] >= 0 && offsets[i + 1] >= offsets[i] && offsets[i + 1] <= bytes.length)) throw damaged(`the categories of feature ${f} are cut off`);
      return decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]));
    });
  });
}
