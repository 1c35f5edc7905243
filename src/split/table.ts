/**
 * The table of splitters. To add one: its file, its row here, its reference values in `test/reference`.
 */
import { GroupKFold } from "./group-k-fold.js";
import { KFold } from "./k-fold.js";
import { RepeatedKFold } from "./repeated-k-fold.js";
import { RepeatedStratifiedKFold } from "./repeated-stratified-k-fold.js";
import type { Splitter } from "./splitter.js";
import { StratifiedGroupKFold } from "./stratified-group-k-fold.js";
import { StratifiedKFold } from "./stratified-k-fold.js";
import { TimeSeriesSplit } from "./time-series-split.js";

/** A row of the table. */
export interface SplitterRow {
  name: string;
  /** One line for lists and help. */
  summary: string;
  create(options?: Record<string, unknown>): Splitter;
}

/** Every splitter, by the name of its class. */
export const SPLITTERS: readonly SplitterRow[] = [
  { name: "KFold", summary: "folds of equal size", create: (options) => new KFold(options) },
  { name: "StratifiedKFold", summary: "folds with the classes in proportion", create: (options) => new StratifiedKFold(options) },
  { name: "GroupKFold", summary: "folds of whole groups", create: (options) => new GroupKFold(options as never) },
  { name: "StratifiedGroupKFold", summary: "folds of whole groups, classes near their proportions", create: (options) => new StratifiedGroupKFold(options as never) },
  { name: "TimeSeriesSplit", summary: "learn from the past, test on what came next", create: (options) => new TimeSeriesSplit(options) },
  { name: "RepeatedKFold", summary: "folds of equal size, drawn several times", create: (options) => new RepeatedKFold(options) },
  { name: "RepeatedStratifiedKFold", summary: "folds with the classes in proportion, drawn several times", create: (options) => new RepeatedStratifiedKFold(options) },
];
