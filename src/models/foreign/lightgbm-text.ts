/**
 * LightGBM's text format of models, as `Booster.save_model` and `model_to_string` write it (versions 2 to 4).
 */
import { RunlabError } from "../../errors.js";
import type { ForeignModel } from "./foreign-model.js";
import { MOST_FEATURES, MOST_OUTPUTS } from "./foreign-model.js";
import type { Link } from "./links.js";
import { IN_SET, MISSING_LEFT, type SourceNode, TreeArraysBuilder, ZERO_IS_MISSING } from "./tree-arrays.js";

/** A model file's content, whatever library wrote it. */
export interface ForeignFile {
  readonly model: ForeignModel;
  readonly featureNames: readonly string[];
  readonly task: "classification" | "regression";
  /** Rows it was fitted on, as far as the file tells; else 0. */
  readonly rows: number;
}

const WHAT = "the LightGBM model";

/** A gain may be infinite; their sum must not be. */
const LARGEST_GAIN = 1e300;

/** Bits of `decision_type`. */
const CATEGORICAL = 1;
const DEFAULT_LEFT = 2;
const MISSING_SHIFT = 2;
const MISSING_ZERO = 1;
const MISSING_NAN = 2;

interface Objective {
  readonly task: "classification" | "regression";
  readonly link: Link;
}

/** Objectives by the name in the file. */
const OBJECTIVES: Readonly<Record<string, Objective>> = {
  regression: { task: "regression", link: "identity" },
  regression_l1: { task: "regression", link: "identity" },
  huber: { task: "regression", link: "identity" },
  fair: { task: "regression", link: "identity" },
  quantile: { task: "regression", link: "identity" },
  mape: { task: "regression", link: "identity" },
  poisson: { task: "regression", link: "exp" },
  gamma: { task: "regression", link: "exp" },
  tweedie: { task: "regression", link: "exp" },
  binary: { task: "classification", link: "sigmoid" },
  multiclass: { task: "classification", link: "softmax" },
  multiclassova: { task: "classification", link: "sigmoids" },
  cross_entropy: { task: "regression", link: "sigmoid" },
  cross_entropy_lambda: { task: "regression", link: "log1pExp" },
  lambdarank: { task: "regression", link: "identity" },
  rank_xendcg: { task: "regression", link: "identity" },
};

/** A block of `key=value` lines. */
type Fields = ReadonlyMap<string, string>;

/**
 * The content of a LightGBM text model.
 *
 * @throws RunlabError, in one line, for what is no such model, is cut off or damaged, has linear leaves, or an objective
 * of the user's own with several scores a row.
 */
export function parseLightGBM(text: string): ForeignFile {
  const lines = text.split("\n");
  if (lines[0]?.trimEnd() !== "tree") throw new RunlabError("this is not a LightGBM text model", { received: beginning(text), allowed: 'a file that begins with "tree", as Booster.save_model writes it' });
  const end = lines.findIndex((line) => line.trimEnd() === "end of trees");
  if (end < 0) throw new RunlabError(`${WHAT} is cut off: it has no line "end of trees"`);
  let at = 1;
  const header = new Map<string, string>();
  for (; at < end && !lines[at].startsWith("Tree="); at++) addField(header, lines[at]);
  const names = headerField(header, "feature_names").split(" ");
  if (names.length > MOST_FEATURES) throw damaged("it has too many features", names.length);
  const features = wholeNumber(headerField(header, "max_feature_idx"), "max_feature_idx", 0, MOST_FEATURES - 1) + 1;
  if (names.length !== features) throw damaged(`it names ${names.length} features and counts ${features}`);
  const outputs = wholeNumber(headerField(header, "num_tree_per_iteration"), "num_tree_per_iteration", 1, MOST_OUTPUTS);
  const { task, link, slope, objective } = objectiveOf(header.get("objective"), outputs);

  const builder = new TreeArraysBuilder(WHAT, features);
  const gains = new Float64Array(features);
  let count = 0;
  let rows = 0;
  while (at < end) {
    const tree = new Map<string, string>();
    const title = lines[at++];
    if (title.trim() === "") continue;
    if (title.trimEnd() !== `Tree=${count}`) throw damaged(`where tree ${count} should begin there is another line`, title);
    for (; at < end && !lines[at].startsWith("Tree="); at++) addField(tree, lines[at]);
    addTree(builder, tree, count, count % outputs, gains);
    if (count === 0) rows = rowsOf(tree);
    count++;
  }
  const sizes = header.get("tree_sizes");
  const announced = sizes === undefined || sizes.trim() === "" ? 0 : sizes.trim().split(/\s+/).length;
  if (sizes !== undefined && announced !== count) throw damaged(`it announces ${announced} trees and has ${count}`);
  if (count === 0 || count % outputs !== 0) throw damaged(`${count} trees are no whole rounds of ${outputs}`);
  return {
    task,
    rows,
    featureNames: names,
    model: {
      source: "LightGBM", objective, link, slope, outputs,
      categories: categoriesOf(lines, end, header, features),
      start: new Float64Array(outputs),
      average: header.has("average_output") ? count / outputs : 1,
      factors: null, weights: null, trees: builder.done(), gains,
    },
  };
}

function beginning(text: string): string {
  return text.slice(0, 40);
}

function damaged(how: string, ...received: unknown[]): RunlabError {
  return new RunlabError(`${WHAT} is damaged: ${how}`, received.length > 0 ? { received: received[0] } : {});
}

function addField(fields: Map<string, string>, line: string): void {
  const text = line.trimEnd();
  if (text === "") return;
  const equals = text.indexOf("=");
  fields.set(equals < 0 ? text : text.slice(0, equals), equals < 0 ? "" : text.slice(equals + 1));
}

function headerField(header: Fields, name: string): string {
  const value = header.get(name);
  if (value === undefined) throw damaged(`its first lines have no ${name}`);
  return value;
}

function wholeNumber(text: string, what: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) throw new RunlabError(`${WHAT} is damaged: ${what} is a whole number`, { received: text, allowed: `${least} to ${most}` });
  return value;
}

function objectiveOf(text: string | undefined, outputs: number): Objective & { slope: number; objective: string } {
  const [name = "", ...settings] = (text ?? "").trim().split(/\s+/);
  const known = Object.hasOwn(OBJECTIVES, name) ? OBJECTIVES[name] : undefined;
  if (known === undefined) {
    if (outputs > 1) throw new RunlabError(`${WHAT} has an objective of its own with ${outputs} scores a row`, { received: name === "" ? "no objective" : name, allowed: Object.keys(OBJECTIVES).join(", ") });
    return { task: "regression", link: "identity", slope: 1, objective: name === "" ? "custom" : name };
  }
  const several = known.link === "softmax" || known.link === "sigmoids";
  if (several !== outputs > 1) throw damaged(`objective ${name} does not go with ${outputs} ${outputs === 1 ? "score" : "scores"} a row`);
  const slopeText = settings.find((each) => each.startsWith("sigmoid:"));
  const slope = slopeText === undefined || name.startsWith("cross") ? 1 : Number(slopeText.slice("sigmoid:".length));
  if (!(slope > 0 && slope < Infinity)) throw damaged("sigmoid is a number above 0", slopeText);
  return { task: known.task, link: known.link === "identity" && settings.includes("sqrt") ? "square" : known.link, slope, objective: name };
}

function addTree(builder: TreeArraysBuilder, fields: Fields, tree: number, output: number, gains: Float64Array): void {
  const what = (name: string): string => `${name} of tree ${tree}`;
  const leaves = wholeNumber(fields.get("num_leaves") ?? "", what("num_leaves"), 1, 1 << 27);
  if (wholeNumber(fields.get("is_linear") ?? "0", what("is_linear"), 0, 1) === 1) {
    throw new RunlabError("a LightGBM model with linear trees cannot be read", { received: `is_linear=1 in tree ${tree}`, allowed: "models fitted without linear_tree" });
  }
  const leafValue = numbers(fields, "leaf_value", leaves, what);
  if (leaves === 1) {
    builder.add(output, 1, () => ({ leaf: leafValue[0] }));
    return;
  }
  const inner = leaves - 1;
  const feature = numbers(fields, "split_feature", inner, what);
  const threshold = numbers(fields, "threshold", inner, what, true);
  const decision = numbers(fields, "decision_type", inner, what);
  const left = numbers(fields, "left_child", inner, what);
  const right = numbers(fields, "right_child", inner, what);
  const gain = fields.has("split_gain") ? numbers(fields, "split_gain", inner, what, true) : null;
  const sets = wholeNumber(fields.get("num_cat") ?? "0", what("num_cat"), 0, inner);
  const bounds = sets === 0 ? [0] : numbers(fields, "cat_boundaries", sets + 1, what);
  const words = sets === 0 ? [] : numbers(fields, "cat_threshold", bounds[sets], what);
  // Children are numbered from 0 where they are nodes, and from -1 downwards where they are leaves.
  const nameOf = (child: number): number => (child >= 0 ? child : inner - 1 - child);
  builder.add(output, inner + leaves, (name): SourceNode => {
    if (name >= inner) return { leaf: leafValue[name - inner] };
    const f = feature[name];
    if (gain !== null && f >= 0 && f < gains.length) gains[f] += Math.min(Math.max(0, gain[name]), LARGEST_GAIN);
    const type = decision[name];
    const children = { feature: f, left: nameOf(left[name]), right: nameOf(right[name]) };
    if ((type & CATEGORICAL) !== 0) {
      const set = threshold[name];
      if (!(Number.isInteger(set) && set >= 0 && set < sets) || !(bounds[set] >= 0 && bounds[set] <= bounds[set + 1] && bounds[set + 1] <= words.length)) throw damaged(`tree ${tree} names a set of categories that it does not have`, set);
      return { ...children, set: Uint32Array.from(words.slice(bounds[set], bounds[set + 1])), rule: IN_SET };
    }
    const missing = type >> MISSING_SHIFT;
    const defaultLeft = (type & DEFAULT_LEFT) !== 0;
    if (missing > MISSING_NAN || !Number.isInteger(type)) throw damaged(`tree ${tree} has an unknown decision_type`, type);
    // Where nothing was missing in training, LightGBM takes a missing value for 0.
    const missingLeft = missing === 0 ? 0 <= threshold[name] : defaultLeft;
    return { ...children, threshold: threshold[name], rule: (missingLeft ? MISSING_LEFT : 0) + (missing === MISSING_ZERO ? ZERO_IS_MISSING : 0) };
  });
}

/**
 * The numbers of a field, exactly `count`; a field is as long as its text, so no count in the file can ask for memory.
 *
 * @param infinite "inf" is allowed: the threshold of a cut between the values and the missing ones.
 */
function numbers(fields: Fields, name: string, count: number, what: (name: string) => string, infinite = false): number[] {
  const text = fields.get(name)?.trim();
  if (text === undefined) throw damaged(`${what(name)} is missing`);
  const tokens = text === "" ? [] : text.split(" ");
  if (tokens.length !== count) throw damaged(`${what(name)} should have ${count} numbers`, tokens.length);
  const values = new Array<number>(count);
  for (let i = 0; i < count; i++) {
    values[i] = tokens[i] === "" ? NaN : Number(tokens[i]);
    if (infinite && (tokens[i] === "inf" || tokens[i] === "-inf")) values[i] = tokens[i] === "inf" ? Infinity : -Infinity;
    else if (!Number.isFinite(values[i])) throw damaged(`${what(name)} holds something that is no finite number`, tokens[i]);
  }
  return values;
}

function rowsOf(tree: Fields): number {
  const counts = (tree.get("internal_count") ?? tree.get("leaf_count") ?? "").trim().split(" ");
  const rows = Number(counts[0]);
  return Number.isSafeInteger(rows) && rows > 0 ? rows : 0;
}

/**
 * Names of categories: the line `pandas_categorical` has a list for each column of the training DataFrame that was
 * categorical, in their order, and `feature_infos` tells which those are (`-1:3:0:2`, against `[low:high]`).
 */
function categoriesOf(lines: readonly string[], end: number, header: Fields, features: number): (string[] | null)[] {
  const none = new Array<string[] | null>(features).fill(null);
  const line = lines.slice(end).find((each) => each.startsWith("pandas_categorical:"));
  if (line === undefined) return none;
  let lists: unknown;
  try {
    lists = JSON.parse(line.slice("pandas_categorical:".length));
  } catch {
    throw damaged("its line pandas_categorical is no JSON");
  }
  if (lists === null || (Array.isArray(lists) && lists.length === 0)) return none;
  if (!Array.isArray(lists) || !lists.every((list) => Array.isArray(list) && list.every((each) => ["string", "number", "boolean"].includes(typeof each)))) throw damaged("its line pandas_categorical holds no lists of categories");
  const infos = (header.get("feature_infos") ?? "").trim().split(" ");
  if (infos.length !== features) throw damaged(`it describes ${infos.length} features and counts ${features}`);
  const places = infos.flatMap((info, f) => (info !== "none" && !info.startsWith("[") ? [f] : []));
  if (places.length !== lists.length) {
    throw new RunlabError(`${WHAT} names the categories of ${lists.length} columns and has ${places.length} categorical features that vary`, { allowed: "a model whose categorical columns each take two values or more" });
  }
  places.forEach((f, i) => { none[f] = (lists as unknown[][])[i].map(String); });
  return none;
}
