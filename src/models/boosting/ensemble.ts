/**
 * What boosting has learned: a constant and the trees whose values are added to it.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { FeatureSpec } from "../features.js";
import { packArray, unpackArray } from "../typed-json.js";
import type { BinnedTable } from "../trees/binned-table.js";
import { binTable } from "../trees/binned-table.js";
import { binsFromJson, binsToJson } from "../trees/bins-json.js";
import type { FeatureBins } from "../trees/bins.js";
import { treeColumns } from "../trees/columns.js";
import { addTrees } from "../trees/predict.js";
import { treeFromJson, treeToJson } from "../trees/tree-json.js";
import { type Tree, splitFeature } from "../trees/tree.js";
import { type Encoding, applyEncoding, encodingFromJson, encodingToJson } from "./encoding.js";
import { LINKS } from "./link.js";
import type { LinkName } from "./objective.js";

/**
 * Trees that share their bins: those of one fit. A model that went on from another has a segment of each.
 *
 * Guarantee: tree `round * outputs + k` adds to output k; `channels` is 1 and its leaves hold what it adds, shrunk.
 */
export interface Segment {
  readonly features: readonly FeatureSpec[];
  readonly encoding: Encoding;
  /** One a column of the encoding. */
  readonly bins: readonly FeatureBins[];
  readonly trees: readonly Tree[];
  /** Per feature what its cuts gained. */
  readonly gains: Float64Array;
}

export interface Ensemble {
  readonly outputs: number;
  readonly link: LinkName;
  /** Name of the objective, "custom" for one of the user's own. */
  readonly objective: string;
  /** What the sums start from, one an output. */
  readonly base: Float64Array;
  readonly segments: readonly Segment[];
}

/** Rounds of boosting in a model. */
export function roundsOf({ segments, outputs }: Ensemble): number {
  return segments.reduce((sum, segment) => sum + segment.trees.length, 0) / outputs;
}

/** Raw scores, `outputs` numbers a row, after the first `rounds` rounds. */
export function rawScores(ensemble: Ensemble, table: Table, rounds = Infinity, nJobs: number | null = null): Float64Array {
  const out = constantScores(ensemble, table.numRows);
  let left = rounds * ensemble.outputs;
  for (const segment of ensemble.segments) {
    if (left <= 0) break;
    const trees = segment.trees.slice(0, Math.min(left, segment.trees.length));
    left -= trees.length;
    addSegment(trees, ensemble.outputs, intoSegmentBins(segment, table), out, nJobs);
  }
  return out;
}

/** Raw scores after each round; one array that each step changes. */
export function* stagedScores(ensemble: Ensemble, table: Table, nJobs: number | null = null): Generator<Float64Array> {
  const { outputs } = ensemble;
  const out = constantScores(ensemble, table.numRows);
  for (const segment of ensemble.segments) {
    const binned = intoSegmentBins(segment, table);
    for (let from = 0; from < segment.trees.length; from += outputs) {
      addSegment(segment.trees.slice(from, from + outputs), outputs, binned, out, nJobs);
      yield out;
    }
  }
}

function constantScores({ base, outputs }: Ensemble, rows: number): Float64Array {
  const out = new Float64Array(rows * outputs);
  for (let i = 0; i < out.length; i++) out[i] = base[i % outputs];
  return out;
}

/** Adds whole rounds of trees to row-major scores. */
export function addSegment(trees: readonly Tree[], outputs: number, binned: BinnedTable, out: Float64Array, nJobs: number | null): void {
  if (trees.length === 0 || binned.rows === 0) return;
  addTrees({ trees, outputs: trees.map((tree) => tree.leaves), width: 1, columns: outputs, column: Int32Array.from(trees, (_, t) => t % outputs) }, binned, out, nJobs);
}

/** A table in the bins of a segment. */
export function intoSegmentBins({ features, encoding, bins }: Pick<Segment, "features" | "encoding" | "bins">, table: Table): BinnedTable {
  return binTable(applyEncoding(treeColumns(table, features), encoding), bins, table.numRows, "columns");
}

/** How often each feature is cut, or what its cuts gained, by name; largest first, equal ones as in the table. */
export function importancesOf({ segments }: Ensemble, features: readonly FeatureSpec[], kind: "gain" | "split"): { feature: string; importance: number }[] {
  const place = new Map(features.map((feature, f) => [feature.name, f]));
  const sums = new Float64Array(features.length);
  for (const segment of segments) {
    const own = kind === "gain" ? segment.gains : splitCounts(segment);
    segment.features.forEach((feature, f) => (sums[place.get(feature.name)!] += own[f]));
  }
  return features.map((feature, f) => ({ feature: feature.name, importance: sums[f] })).sort((a, b) => b.importance - a.importance);
}

function splitCounts({ trees, features, encoding }: Segment): Float64Array {
  const counts = new Float64Array(features.length);
  for (const { right, split } of trees) {
    for (let node = 0; node < right.length; node++) if (right[node] !== 0) counts[encoding.featureOf[splitFeature(split[node])]]++;
  }
  return counts;
}

export function ensembleToJson({ outputs, link, objective, base, segments }: Ensemble): Record<string, unknown> {
  return {
    outputs,
    link,
    objective,
    base: packArray(base),
    segments: segments.map(({ features, encoding, bins, trees, gains }, i) => ({
      // The last segment's are the model's own.
      features: i === segments.length - 1 ? null : features,
      encoding: encodingToJson(encoding),
      bins: bins.map(binsToJson),
      gains: packArray(gains),
      trees: trees.map(treeToJson),
    })),
  };
}

/** @throws RunlabError when the data is no ensemble on these features with this many outputs. */
export function ensembleFromJson(state: Record<string, unknown>, features: readonly FeatureSpec[], outputs: number | null): Ensemble {
  const { link, objective, segments } = state;
  const base = unpackArray(state["base"], "float64", "what the scores start from");
  const found = state["outputs"];
  if (typeof found !== "number" || base.length !== found || (outputs !== null && found !== outputs)) throw damaged("its outputs do not fit its classes");
  if (!LINKS.includes(link as LinkName) || typeof objective !== "string") throw damaged("it does not say how scores become predictions");
  if (!Array.isArray(segments) || segments.length === 0) throw damaged("it has no trees");
  return { outputs: found, link: link as LinkName, objective, base, segments: segments.map((segment) => segmentFromJson(segment, features, found)) };
}

function segmentFromJson(json: unknown, ownFeatures: readonly FeatureSpec[], outputs: number): Segment {
  const data = (json ?? {}) as { features?: unknown; encoding?: unknown; bins?: unknown; gains?: unknown; trees?: unknown };
  const features = data.features === null ? ownFeatures : featuresFromJson(data.features, ownFeatures);
  const encoding = encodingFromJson(data.encoding ?? null, features);
  const columns = encoding.featureOf.length;
  if (!Array.isArray(data.bins) || data.bins.length !== columns) throw damaged("it has no bins for its features");
  if (!Array.isArray(data.trees) || data.trees.length % outputs !== 0) throw damaged("it has no trees");
  const bins = data.bins.map(binsFromJson);
  const expected = (column: number): string => (encoding.means[encoding.featureOf[column]] === null && features[encoding.featureOf[column]].kind === "category" ? "category" : "number");
  bins.forEach((each, column) => {
    if (each.kind !== expected(column)) throw damaged("the bins of a feature are of another kind");
    if (each.kind === "category" && each.binOfCode.length !== features[encoding.featureOf[column]].categories!.length) throw damaged("the bins of a feature do not fit its categories");
  });
  const gains = unpackArray(data.gains, "float64", "the gains of its features");
  if (gains.length !== features.length) throw damaged("the gains of its features are of another number");
  return { features, encoding, bins, gains, trees: data.trees.map((tree) => treeFromJson(tree, columns, 1)) };
}

function featuresFromJson(json: unknown, own: readonly FeatureSpec[]): FeatureSpec[] {
  const kinds = new Map(own.map((feature) => [feature.name, feature.kind]));
  const fits = Array.isArray(json) && json.length === own.length && json.every((each: Partial<FeatureSpec> | null) =>
    typeof each?.name === "string" && each.kind === kinds.get(each.name)
    && (each.kind !== "category" || (Array.isArray(each.categories) && each.categories.every((category) => typeof category === "string"))));
  if (!fits) throw damaged("the features of an earlier fit do not fit its own");
  return json as FeatureSpec[];
}

function damaged(how: string): RunlabError {
  return new RunlabError(`the model file is damaged: ${how}`);
}
