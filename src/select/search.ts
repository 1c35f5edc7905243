/**
 * Candidates judged on the same folds, and the best of them: what the grid and the random search share.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { announce, observed } from "../observe/index.js";
import type { Part } from "../split/index.js";
import { type Field, type FoldOptions, FOLD_OPTIONS, fieldOf } from "./cross-validate.js";
import { summaryOf } from "./cross-validation-result.js";
import { type OnError, type Played, playAll } from "./pool.js";
import { type Params, type Selectable, withParams } from "./recipe.js";
import { withSeed } from "./round.js";
import { type Candidate, SearchResult } from "./search-result.js";
import { valueText } from "./show.js";

/** Options of `gridSearch` and `randomSearch` besides where candidates come from. */
export interface SearchOptions extends FoldOptions {
  /** The metric that decides. Default: the first of `metrics`. */
  metric?: string;
  /** Fit the best candidate on all rows. Default true. */
  refit?: boolean;
  /** A candidate that is refused: "stop" the search, the default, or "skip" it and rank it last. */
  onError?: OnError;
}

export const SEARCH_OPTIONS: Record<keyof SearchOptions, true> = { ...FOLD_OPTIONS, metric: true, refit: true, onError: true };

/** What a search tells of itself. */
export interface SearchKind {
  /** "gridSearch" or "randomSearch". */
  readonly owner: string;
  /** Where candidates came from, as a record keeps it. */
  readonly space: Record<string, unknown>;
  readonly chosen: readonly string[];
  readonly notes: readonly string[];
}

/** Judges all candidates, fits the best and announces the whole. */
export async function search(kind: SearchKind, model: Selectable, data: Part | Table, candidates: readonly Params[], options: SearchOptions): Promise<SearchResult> {
  const { refit = true, onError = "stop", nJobs = null } = options;
  if (typeof refit !== "boolean") throw new RunlabError(`${kind.owner}: refit is true or false`, { received: refit });
  if (onError !== "stop" && onError !== "skip") throw new RunlabError(`${kind.owner}: there is no such onError`, { received: onError, allowed: "stop, skip" });
  const field = fieldOf(kind.owner, model, data, options);
  const { ground, judges } = field;
  const metric = options.metric ?? judges[0].name;
  const judge = judges.find((each) => each.name === metric);
  if (judge === undefined) throw new RunlabError("the metric that decides is one of those that are computed", { received: metric, allowed: judges.map((each) => each.name).join(", ") });
  const jobs = candidates.flatMap((params) => ground.folds.map((_, fold) => ({ model: withParams(model, params), fold, also: paramsText(params) })));
  const played = await playAll(ground, jobs, judges, { nJobs, label: `searching settings of ${model.name}`, onError });
  const folds = ground.folds.length;
  const judged = candidates.map((params, i) => candidateOf(field, params, played.slice(i * folds, (i + 1) * folds)));
  const ranked = rankAll(judged, metric, judge.higherIsBetter);
  const best = ranked.findIndex((each) => each.rank === 1);
  if (ranked[best].error !== null) throw new RunlabError(`${kind.owner}: every candidate was refused; the first: ${ranked[0].error}`);
  const bestModel = refit ? fitOn(field, withParams(model, candidates[best])) : null;
  const skipped = ranked.filter((each) => each.error !== null).length;
  const result = new SearchResult({
    kind: kind.owner, model: model.name, target: ground.target, rows: ground.table.numRows, splitter: field.splitter, folds, seed: ground.seed, metric,
    higherIsBetter: Object.fromEntries(judges.map((each) => [each.name, each.higherIsBetter])), candidates: ranked, best,
    notes: [...kind.notes, ...(skipped > 0 ? [`${skipped} candidates were refused and are ranked last`] : [])],
  }, bestModel);
  announceSearch(kind, result);
  return result;
}

/** Fits on all rows, as a run records any fit, with the seed that the folds had. */
function fitOn({ part, ground }: Field, model: Selectable): Selectable {
  withSeed(ground.seed, () => (ground.weights === null ? model.fit(part) : model.fit(part, { weights: ground.weights })));
  return model;
}

function candidateOf({ judges }: Field, params: Params, rounds: readonly (Played | Error)[]): Omit<Candidate, "rank"> {
  const failed = rounds.find((round) => round instanceof Error);
  const whole = rounds.filter((round): round is Played => !(round instanceof Error));
  const seconds = (pick: (round: Played) => number): number => whole.reduce((sum, round) => sum + pick(round), 0) / Math.max(1, whole.length);
  const summary = failed === undefined ? summaryOf(judges, whole) : null;
  return {
    params,
    mean: summary?.mean ?? {},
    std: summary?.std ?? {},
    trainMean: summary?.trainMean ?? null,
    trainStd: summary?.trainStd ?? null,
    folds: failed === undefined ? whole.map(({ test }) => test) : [],
    fitSeconds: seconds(({ fitSeconds }) => fitSeconds),
    scoreSeconds: seconds(({ scoreSeconds }) => scoreSeconds),
    error: failed === undefined ? null : (failed as Error).message,
  };
}

/** Equal values share the better rank; one that was refused, or has no value, comes last. */
function rankAll(candidates: readonly Omit<Candidate, "rank">[], metric: string, higherIsBetter: boolean): Candidate[] {
  const values = candidates.map((each) => {
    const value = each.mean[metric];
    return each.error !== null || value === undefined || Number.isNaN(value) ? -Infinity : higherIsBetter ? value : -value;
  });
  return candidates.map((each, i) => ({ ...each, rank: 1 + values.filter((value) => value > values[i]).length }));
}

/** As errors and results name a candidate. */
export function paramsText(params: Params): string {
  return `{ ${Object.entries(params).map(([name, value]) => `${name}: ${valueText(value)}`).join(", ")} }`;
}

function announceSearch(kind: SearchKind, result: SearchResult): void {
  const { candidates, best, metric, higherIsBetter, model, target, rows, splitter, folds, seed } = result.toJSON();
  const chosen = candidates[best];
  announce({
    type: "crossValidation",
    chosen: [...kind.chosen],
    record: {
      model, params: { ...chosen.params }, target, rows, splitter: { name: splitter.name, params: splitter.params }, seed,
      metrics: Object.keys(chosen.mean), higher_is_better: higherIsBetter, mean: chosen.mean, std: chosen.std, train_mean: chosen.trainMean,
      folds: chosen.folds.map((test, fold) => ({ fold, train_rows: null, test_rows: null, test, train: null, fit_seconds: chosen.fitSeconds, score_seconds: chosen.scoreSeconds })),
      search: {
        kind: kind.owner, space: kind.space, metric,
        candidates: candidates.map(({ params, mean, std, rank, fitSeconds, error }) => ({ params: { ...params }, mean, std, rank, fit_seconds: fitSeconds, error })),
      },
    },
  });
  for (const name of Object.keys(chosen.mean)) {
    announce({ type: "metric", name: `cv_${name}`, value: chosen.mean[name], source: "function", greaterIsBetter: higherIsBetter[name], details: { std: chosen.std[name], folds, rows, candidates: candidates.length } });
  }
  if (observed()) {
    announce({ type: "table", name: "search_results", table: result.table });
    announce({ type: "plot", name: "search", spec: result.plot() });
  }
}
