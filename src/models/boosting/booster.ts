/**
 * The boosting loop: derivatives, a tree for each output, scores; until the rounds are done or nothing improves.
 *
 * Sources: Friedman, "Greedy function approximation: a gradient boosting machine" (2001); Ke et al., "LightGBM" (2017);
 * Rashmi and Gilad-Bachrach, "DART: dropouts meet multiple additive regression trees" (2015).
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import { coresToUse } from "../../kernels/index.js";
import { observed } from "../../observe/index.js";
import { type RandomStream, stream } from "../../random/index.js";
import type { FeatureSpec } from "../features.js";
import { fitProgress } from "../progress.js";
import type { TreeColumn } from "../trees/bins.js";
import { boostBins } from "../trees/boost-bins.js";
import { treeColumns } from "../trees/columns.js";
import { type GrowerOptions, type GrownTree, type TreeGrower, openGrower } from "../trees/grower.js";
import { type Tree, splitFeature } from "../trees/tree.js";
import { interactionsByPlace, monotoneByPlace } from "./constraints.js";
import { Dropouts } from "./dropouts.js";
import { type Encoding, learnEncoding, plainEncoding } from "./encoding.js";
import { type Ensemble, rawScores, roundsOf } from "./ensemble.js";
import type { Judge } from "./judge.js";
import { renewLeaves } from "./leaf-quantiles.js";
import { type LearningCurves, CurveRecorder } from "./learning-curves.js";
import type { Objective, ObjectiveRows } from "./objective.js";
import type { BoostingTask } from "./objectives.js";
import type { ResolvedBoosting } from "./options.js";
import { TrainingSample } from "./training-sample.js";
import { type ValidationRows, ValidationScores } from "./validation.js";

/** All that one fit needs. */
export interface BoostingRequest {
  readonly estimator: string;
  readonly task: BoostingTask;
  readonly table: Table;
  readonly features: readonly FeatureSpec[];
  readonly targetName: string;
  readonly rows: ObjectiveRows;
  /** Factors of the derivatives where they are not the rows' weights; null where they are. */
  readonly gradientWeights: Float64Array | null;
  readonly objective: Objective;
  readonly options: ResolvedBoosting;
  readonly judges: readonly Judge[];
  readonly validation: readonly ValidationRows[];
  /** The model to go on from. */
  readonly from: Ensemble | null;
}

export interface BoostingResult {
  readonly ensemble: Ensemble;
  /** Round that was best on the first validation rows by the first metric, counted from 1; null without validation. */
  readonly bestIteration: number | null;
  readonly bestScore: number | null;
  readonly curves: LearningCurves;
}

/** Fits trees. Nothing is kept of a fit that throws or is stopped. */
export function boost(request: BoostingRequest): BoostingResult {
  const { estimator, table, features, options, objective, from } = request;
  const begun = from === null ? 0 : roundsOf(from);
  const random = stream(begun === 0 ? estimator : `${estimator} from round ${begun}`, options.seed);
  const { encoding, columns } = encoded(request, random);
  const threads = coresToUse(options.nJobs);
  const bins = boostBins(columns, table.numRows, { maxBins: options.maxBins, minDataInBin: options.minDataInBin, threads });
  const grower = openGrower(bins, growerOptions(request, encoding, threads));
  try {
    const loop = new BoostingLoop(request, grower, encoding, bins.features, random, begun);
    const { trees, gains, best, bestScore, curves } = loop.run();
    const segment = { features, encoding, bins: bins.features, trees, gains };
    const ensemble: Ensemble = {
      outputs: objective.outputs,
      link: objective.link,
      objective: objective.name,
      base: loop.base,
      segments: [...(from?.segments ?? []), segment],
    };
    return { ensemble, bestIteration: best, bestScore, curves };
  } finally {
    grower.close();
  }
}

/** The training table's columns, categories as they are or as ordered target statistics. */
function encoded({ table, features, objective, rows, options }: BoostingRequest, random: RandomStream): { encoding: Encoding; columns: TreeColumn[] } {
  const columns = treeColumns(table, features);
  if (options.categories === "native") return { encoding: plainEncoding(columns.length), columns };
  const targets = objective.link === "softmax"
    ? Array.from({ length: objective.outputs }, (_, k) => rows.target.map((label) => (label === k ? 1 : 0)))
    : [rows.target];
  const learned = learnEncoding(columns, { targets, weights: rows.weights, smooth: options.catSmooth }, rows.count, random.split("categories"));
  return { encoding: learned.encoding, columns: learned.encoded };
}

function growerOptions({ features, options, objective }: BoostingRequest, { featureOf }: Encoding, threads: number): GrowerOptions {
  const monotone = monotoneByPlace(options.monotoneConstraints, features);
  const interactions = interactionsByPlace(options.interactionConstraints, features);
  const columnsOf = (feature: number): number[] => Array.from(featureOf.keys()).filter((column) => featureOf[column] === feature);
  return {
    growth: options.growth,
    maxLeaves: options.maxLeaves,
    maxDepth: options.maxDepth ?? Infinity,
    minChildSamples: options.minChildSamples,
    minChildWeight: options.minChildWeight,
    lambdaL1: options.regAlpha,
    lambdaL2: options.regLambda,
    minSplitGain: options.minSplitGain,
    maxDeltaStep: options.maxDeltaStep,
    featureFraction: options.colsampleByTree,
    featureFractionByNode: options.colsampleByNode,
    monotone: monotone === null ? null : Int8Array.from(featureOf, (feature) => monotone[feature]),
    interactions: interactions === null ? null : interactions.map((group) => group.flatMap(columnsOf)),
    catSmooth: options.catSmooth,
    catL2: options.catL2,
    maxCatThreshold: options.maxCatThreshold,
    maxCatToOneHot: options.maxCatToOneHot,
    minDataPerGroup: options.minDataPerGroup,
    outputs: objective.outputs,
    threads,
  };
}

class BoostingLoop {
  /** What the model's sums start from. */
  readonly base: Float64Array;
  readonly #request: BoostingRequest;
  readonly #grower: TreeGrower;
  readonly #encoding: Encoding;
  /** Rows as the objective gets them: targets shifted where that loses nothing, weights as derivatives count them. */
  readonly #rows: ObjectiveRows;
  readonly #builtIn: boolean;
  readonly #validation: readonly ValidationScores[];
  readonly #sample: TrainingSample | null;
  readonly #recorder: CurveRecorder;
  readonly #dropouts: Dropouts | null;
  readonly #random: { readonly features: RandomStream; readonly rows: RandomStream };
  readonly #leafWeights: Float64Array | null;
  readonly #begun: number;
  readonly #trees: GrownTree[] = [];
  #drawn: Uint32Array | null = null;

  constructor(request: BoostingRequest, grower: TreeGrower, encoding: Encoding, bins: Ensemble["segments"][number]["bins"], random: RandomStream, begun: number) {
    const { objective, rows, options, from, judges, validation, table } = request;
    this.#request = request;
    this.#grower = grower;
    this.#encoding = encoding;
    this.#begun = begun;
    this.base = from?.base ?? objective.initialScores(rows);
    const before = from === null ? null : rawScores(from, table, Infinity, options.nJobs);
    this.#rows = this.#placeTargets(before);
    this.#leafWeights = objective.leafQuantile?.weights(rows) ?? null;
    this.#builtIn = objective.kernel !== null && grower.fillGradients(objective.kernel.name, objective.kernel.parameter);
    const segment = { features: request.features, encoding, bins };
    this.#validation = validation.map((each) => new ValidationScores(each, segment, objective, this.base, from, options.nJobs));
    const judged = validation.length > 0 || observed();
    this.#sample = judged ? new TrainingSample(rows, this.#rows.target, objective, request.task === "classification") : null;
    this.#recorder = new CurveRecorder(judges, ["train", ...validation.map((each) => each.name)], begun, options.nEstimators);
    this.#dropouts = options.boosting === "dart" ? new Dropouts(options, stream(`${random.purpose}/dropouts`, options.seed)) : null;
    this.#random = { features: random.split("features"), rows: random.split("rows") };
  }

  /**
   * Gives the grower its targets and first scores. Where only their difference matters, what is known beforehand is
   * taken off the targets in double precision and the scores start at 0: single precision then holds the small rest.
   */
  #placeTargets(before: Float64Array | null): ObjectiveRows {
    const { objective, rows, gradientWeights, targetName } = this.#request;
    const { count, groups } = rows;
    const weights = gradientWeights ?? rows.weights;
    const { scores } = this.#grower;
    let target = rows.target;
    if (objective.shifts) {
      const base = this.base[0];
      target = target.map((value, i) => Math.fround(value - (before === null ? base : before[i])));
    } else {
      for (let k = 0; k < objective.outputs; k++) {
        for (let i = 0; i < count; i++) scores[k * count + i] = before === null ? this.base[k] : before[i * objective.outputs + k];
      }
    }
    for (let i = 0; i < count; i++) {
      if (Math.abs(target[i]) <= LARGEST_FLOAT) continue;
      throw new RunlabError(`target ${JSON.stringify(targetName)} spreads further than single precision holds`, { received: rows.target[i], allowed: "values within 1e38 of their mean; divide them by a constant" });
    }
    this.#grower.setTarget(target, weights);
    return { count, target, weights, groups };
  }

  run(): { trees: Tree[]; gains: Float64Array; best: number | null; bestScore: number | null; curves: LearningCurves } {
    const { options, objective, judges, estimator } = this.#request;
    const { nEstimators, earlyStoppingRounds } = options;
    const progress = fitProgress(`fitting ${estimator}`, nEstimators);
    const watch = this.#validation.length > 0 ? judges[0] : null;
    let best: number | null = null;
    let bestScore: number | null = null;
    let rounds = 0;
    while (rounds < nEstimators) {
      if (!this.#round(rounds)) break;
      rounds++;
      const first = this.#judge(rounds, rounds === nEstimators);
      progress(rounds);
      if (watch === null || first === null) continue;
      if (bestScore === null || (watch.greaterIsBetter ? first > bestScore : first < bestScore)) {
        best = rounds;
        bestScore = first;
      }
      if (earlyStoppingRounds !== null && rounds - best! >= earlyStoppingRounds) break;
    }
    const kept = earlyStoppingRounds === null || best === null ? rounds : best;
    this.#trees.length = kept * objective.outputs;
    return {
      trees: this.#trees.map(({ right, split, leaves, channels, sets }) => ({ right, split, leaves, channels, sets })),
      gains: this.#gains(),
      best: best === null ? null : best + this.#begun,
      bestScore,
      curves: this.#recorder.finish(),
    };
  }

  /** One round; false when no tree can be cut any more, which another round would not change. */
  #round(round: number): boolean {
    const { objective, options } = this.#request;
    const { outputs } = objective;
    const grower = this.#grower;
    const dropped = this.#dropouts?.draw(round) ?? [];
    for (const at of dropped) this.#addRound(at, -1, 0);
    this.#fillGradients();
    const rows = this.#drawRows(round);
    const rate = this.#dropouts?.rate(dropped.length) ?? options.learningRate;
    let cut = false;
    const grown: GrownTree[] = [];
    for (let output = 0; output < outputs; output++) {
      const tree = grower.grow({ output, rows, random: this.#random.features });
      if (tree.right.length > 1) {
        cut = true;
        if (objective.leafQuantile !== null) {
          // The engine has the targets as they are compared with scores; LightGBM's quantile with weights is our own.
          if (this.#builtIn && this.#leafWeights === null) grower.renewLeaves(tree, objective.leafQuantile.quantile);
          else renewLeaves(tree.leaves, grower.leafOfRow(), this.#rows.target, grower.scores, this.#leafWeights, objective.leafQuantile.quantile);
        }
        shrink(tree, rate);
      } else {
        // A tree without a cut would only move the constant.
        tree.leaves.fill(0);
      }
      grown.push(tree);
      grower.addToScores(tree, output, 1);
    }
    if (!cut && this.#settled()) {
      for (const at of dropped) this.#addRound(at, 1, 0);
      return false;
    }
    this.#trees.push(...grown);
    for (const each of this.#validation) for (let output = 0; output < outputs; output++) each.add(grown[output], output, 1);
    if (this.#dropouts !== null) {
      const kept = dropped.length / (dropped.length + 1);
      for (const at of dropped) {
        // Training scores lack the whole round, validation scores hold all of it.
        this.#addRound(at, kept, kept - 1);
        for (let output = 0; output < outputs; output++) shrink(this.#trees[at * outputs + output], kept);
      }
      this.#dropouts.grew(dropped, rate);
    }
    return true;
  }

  /** Adds multiples of an earlier round's trees to the scores of training and of validation rows. */
  #addRound(round: number, training: number, validation: number): void {
    const { outputs } = this.#request.objective;
    for (let output = 0; output < outputs; output++) {
      const tree = this.#trees[round * outputs + output];
      if (training !== 0) this.#grower.addToScores(tree, output, training);
      if (validation !== 0) for (const each of this.#validation) each.add(tree, output, validation);
    }
  }

  #fillGradients(): void {
    const { objective } = this.#request;
    const grower = this.#grower;
    if (this.#builtIn) grower.fillGradients(objective.kernel!.name, objective.kernel!.parameter);
    else objective.gradients(this.#rows, grower.scores, grower.gradients, grower.hessians);
  }

  #drawRows(round: number): Uint32Array | null {
    const { boosting, subsample, subsampleFreq, learningRate, topRate, otherRate } = this.#request.options;
    if (boosting === "goss") {
      // The first rounds know too little of which rows matter.
      if (round + this.#begun < Math.floor(1 / learningRate) || topRate + otherRate >= 1) return null;
      return this.#grower.drawByGradient(topRate, otherRate, this.#random.rows.split(round));
    }
    if (subsample < 1 && round % subsampleFreq === 0) this.#drawn = this.#grower.drawShare(subsample, this.#random.rows.split(round));
    return this.#drawn;
  }

  /** Whether the next round would see what this one saw. */
  #settled(): boolean {
    const { boosting, subsample, colsampleByTree, colsampleByNode } = this.#request.options;
    return boosting === "gbdt" && subsample === 1 && colsampleByTree === 1 && colsampleByNode === 1;
  }

  /** Judges the model after a round; returns the first metric on the first validation rows. */
  #judge(round: number, last: boolean): number | null {
    const { judges } = this.#request;
    if (this.#sample !== null && this.#recorder.wants(round, last)) {
      const predictions = this.#sample.predictions(this.#grower.scores);
      judges.forEach((judge, m) => this.#recorder.add("train", m, round, judge.value(this.#sample!.rows, predictions)));
    }
    let first: number | null = null;
    for (const each of this.#validation) {
      const predictions = each.predictions();
      judges.forEach((judge, m) => {
        const value = judge.value(each.rows, predictions);
        first ??= value;
        this.#recorder.add(each.name, m, round, value);
      });
    }
    this.#recorder.announce(round, last);
    return first;
  }

  #gains(): Float64Array {
    const gains = new Float64Array(this.#request.features.length);
    for (const { right, split, gain } of this.#trees) {
      for (let node = 0; node < right.length; node++) if (right[node] !== 0) gains[this.#encoding.featureOf[splitFeature(split[node])]] += gain[node];
    }
    return gains;
  }
}

const LARGEST_FLOAT = 3.4e38;

function shrink(tree: Tree, factor: number): void {
  const { leaves } = tree;
  for (let i = 0; i < leaves.length; i++) leaves[i] *= factor;
}
