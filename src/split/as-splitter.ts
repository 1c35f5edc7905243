/**
 * What the option `cv` of a cross-validation takes.
 */
import { RunlabError } from "../errors.js";
import { KFold } from "./k-fold.js";
import type { Task } from "./part.js";
import { Splitter } from "./splitter.js";
import { StratifiedKFold } from "./stratified-k-fold.js";

/** A number of folds, or what makes them. */
export type CrossValidation = number | Splitter;

/**
 * The splitter for a `cv` option: a number becomes that many folds, with the classes in proportion when a class is
 * predicted, shuffled by the run's seed (rows that come in an order would else make folds unlike each other).
 *
 * @throws RunlabError for anything else.
 *
 * @example
 * asSplitter(5, "classification").name; // "StratifiedKFold"
 * asSplitter(new KFold({ nSplits: 3 }), "classification").name; // "KFold"
 */
export function asSplitter(cv: CrossValidation, task: Task, seed?: number): Splitter {
  if (cv instanceof Splitter) {
    if (seed !== undefined) throw new RunlabError("a splitter has a seed of its own", { received: seed, allowed: "new KFold({ shuffle: true, seed }), or a number of folds and a seed" });
    return cv;
  }
  if (typeof cv !== "number" || !Number.isInteger(cv) || cv < 2) {
    throw new RunlabError("cv is a number of folds or a splitter", { received: typeof cv === "function" ? `${(cv as Function).name || "a function"}; was it meant to be made with new?` : cv, allowed: "5, new StratifiedKFold({ nSplits: 5 }), new GroupKFold({ group }), new TimeSeriesSplit()" });
  }
  const options = { nSplits: cv, shuffle: true, ...(seed === undefined ? {} : { seed }) };
  return task === "classification" ? new StratifiedKFold(options) : new KFold(options);
}
