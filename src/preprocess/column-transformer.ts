/**
 * Different steps for different columns.
 */
import { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnNames } from "../table/names.js";
import { oneBatch } from "../table/take.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { checkSelector, isNameSelector, selectedColumns } from "./column-selector.js";
import type { ColumnSelector } from "./column-selector.js";
import { isNull, isText, isYesOrNo, either, listOf, record } from "./shape.js";
import { sourcesThrough } from "./sources.js";
import { Transformer } from "./transformer.js";
import type { MadeColumn, TargetColumn, TransformerJSON } from "./transformer.js";

/** Some columns, and the steps for them. */
export interface ColumnBranch {
  /** Names, a kind ("numbers", "categories", "dates", "booleans"), or a function that says yes or no to each column. */
  readonly columns: ColumnSelector;
  /** One step or several, applied in order. */
  readonly steps: Transformer | readonly Transformer[];
}

/** Options of `columnTransformer`. */
export interface ColumnTransformerOptions {
  /** What becomes of features that no branch is for: they stay as they are ("keep") or are left out ("drop"). Default "keep". */
  rest?: "keep" | "drop";
}

interface FittedBranch {
  /** As it was given; null for a function. */
  selector: string | string[] | null;
  columns: string[];
  steps: TransformerJSON[];
}

interface BranchesState {
  branches: FittedBranch[];
  dropped: string[];
}

const REST = ["keep", "drop"];

/** Options as `Transformer` keeps them: the branches are one of them. */
interface StoredOptions extends ColumnTransformerOptions {
  branches: readonly ColumnBranch[];
}

/**
 * Different steps for different columns: see `columnTransformer`.
 *
 * The idea is scikit-learn's ColumnTransformer. Unlike there, columns that no branch is for stay, a column that a branch
 * names is left alone by branches that select by kind or function, and a column goes to the first of those that
 * selects it.
 */
export class ColumnTransformer extends Transformer<BranchesState> {
  readonly type = "columnTransformer";
  override readonly options: StoredOptions;
  /** The steps of each branch, fitted together with this one. */
  #steps: readonly (readonly Transformer[])[] | null = null;

  constructor(options: StoredOptions) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { branches, rest = "keep" } = this.options;
    const described = (Array.isArray(branches) ? branches : []).map(({ columns, steps }: ColumnBranch, i) => ({
      columns: typeof columns === "function" ? this.state?.branches[i].columns ?? "a function" : columns,
      // Fitted steps know what they drew, such as the seed that was not given.
      steps: (this.#steps?.[i] ?? listed(steps)).map((step) => (step instanceof Transformer ? { step: step.type, ...step.params() } : step)),
    }));
    return { branches: described, rest };
  }

  /** The fitted steps of each branch. */
  get branches(): readonly { readonly columns: readonly string[]; readonly steps: readonly Transformer[] }[] {
    return (this.#steps ?? []).map((steps, i) => ({ columns: this.state!.branches[i].columns, steps }));
  }

  protected learn(table: Table, all: readonly string[], target: TargetColumn | null): BranchesState {
    return this.learnAndApply(table, all, target).state;
  }

  protected override learnAndApply(table: Table, all: readonly string[], target: TargetColumn | null): { state: BranchesState; changed: Table } {
    const { branches, rest = "keep" } = this.options;
    checkBranches(branches);
    if (!REST.includes(rest)) throw new RunlabError('rest says what becomes of other columns', { received: rest, allowed: REST.join(", ") });
    const columns = divide(table, all, branches.map((branch) => branch.columns));
    const steps: Transformer[][] = [];
    const results: Table[] = [];
    branches.forEach((branch, i) => {
      // Copies are fitted, so that fitting one pipeline anew leaves nothing of the last in another.
      const copies = listed(branch.steps).map((step) => step.copy());
      const names = columns[i];
      let current = withTarget(table, names, target);
      for (const step of copies) {
        const features = columnNames(current).filter((name) => name !== target?.name);
        current = step.fitTransform(current, { features, ...(target === null ? {} : { target: target.name }) });
      }
      steps.push(copies);
      results.push(current);
    });
    const used = new Set(columns.flat());
    const state: BranchesState = {
      branches: branches.map((branch, i) => ({
        selector: typeof branch.columns === "function" ? null : isNameSelector(branch.columns) ? [...branch.columns] : branch.columns as string,
        columns: columns[i],
        steps: steps[i].map((step) => step.toJSON()),
      })),
      dropped: rest === "drop" ? all.filter((name) => !used.has(name)) : [],
    };
    this.#steps = steps;
    return { state, changed: assembled(table, state, results, target?.name) };
  }

  protected needs(state: BranchesState): string[] {
    return [...new Set(state.branches.flatMap((branch) => branch.columns))];
  }

  protected made(state: BranchesState): MadeColumn[] {
    return state.branches.flatMap(({ columns }, i) => {
      const sources = sourcesThrough(this.#steps![i]);
      const gone = new Set(this.#steps![i].length === 0 ? columns : []);
      return [...sources].filter(([name]) => !gone.has(name)).map(([name, from]) => ({ name, sources: from }));
    });
  }

  protected isState(state: unknown): state is BranchesState {
    const step = record({ type: isText });
    return record({ branches: listOf(record({ selector: either(isNull, isText, listOf(isText)), columns: listOf(isText), steps: listOf(step) })), dropped: listOf(isText) })(state);
  }

  protected apply(table: Table, state: BranchesState): Table {
    const results = state.branches.map(({ columns }, i) => this.#steps![i].reduce((current, step) => step.transform(current), table.select([...columns])));
    return assembled(table, state, results, undefined);
  }

  /** A loaded one, whose steps `load` makes from their data. */
  static load(json: TransformerJSON, load: (json: TransformerJSON) => Transformer): ColumnTransformer {
    const { rest } = json.params as { rest?: "keep" | "drop" };
    const state = json.state as BranchesState | null;
    if (state === null) throw new RunlabError("a columnTransformer is loaded once it was fitted", { received: "no state" });
    const empty = new ColumnTransformer({ branches: [], ...(rest === undefined ? {} : { rest }) });
    if (!empty.isState(state)) throw new RunlabError("what this columnTransformer learned is damaged", { allowed: "what toJSON of a fitted step gives" });
    const steps = state.branches.map((branch) => branch.steps.map(load));
    if (steps.flat().some((step) => !step.isFitted)) throw new RunlabError("what this columnTransformer learned is damaged", { received: "a step that was not fitted" });
    const loaded = new ColumnTransformer({ branches: state.branches.map((branch, i) => ({ columns: (branch.selector ?? branch.columns) as ColumnSelector, steps: steps[i] })), ...(rest === undefined ? {} : { rest }) });
    loaded.#steps = steps;
    return loaded.restore(state);
  }
}

function listed(steps: Transformer | readonly Transformer[]): readonly Transformer[] {
  return Array.isArray(steps) ? steps : [steps as Transformer];
}

function checkBranches(branches: unknown): asserts branches is readonly ColumnBranch[] {
  if (!Array.isArray(branches) || branches.length === 0) {
    throw new RunlabError("columnTransformer takes a list of columns and their steps", { received: Array.isArray(branches) ? "an empty list" : branches, allowed: '[{ columns: "numbers", steps: scale() }, { columns: ["island"], steps: [impute(), oneHot()] }]' });
  }
  branches.forEach((branch, i) => {
    const strange = Object.keys(branch ?? {}).find((key) => key !== "columns" && key !== "steps");
    if (strange !== undefined) throw new RunlabError(`columnTransformer: a branch has no ${strange}`, { allowed: "columns, steps" });
    checkSelector(branch?.columns);
    const wrong = listed(branch.steps).findIndex((step) => !(step instanceof Transformer));
    if (wrong >= 0) {
      const step: unknown = listed(branch.steps)[wrong];
      throw new RunlabError("every part of a branch is a step", { received: typeof step === "function" ? `${step.name || "a function"}; was it meant to be called?` : String(step), allowed: `such as impute(), oneHot(), scale(); in place ${wrong} of branch ${i}` });
    }
  });
}

/** The columns of each branch: names first, then kinds and functions, each from what is left. */
function divide(table: Table, features: readonly string[], selectors: readonly ColumnSelector[]): string[][] {
  const named = new Set(selectors.flatMap((selector) => (isNameSelector(selector) ? [...selector] : [])));
  const left = new Set(features.filter((name) => !named.has(name)));
  return selectors.map((selector) => {
    if (isNameSelector(selector)) return selectedColumns(table, features, selector);
    const columns = selectedColumns(table, [...left], selector);
    for (const name of columns) left.delete(name);
    return columns;
  });
}

function withTarget(table: Table, columns: readonly string[], target: TargetColumn | null): Table {
  return table.select([...columns, ...(target === null || columns.includes(target.name) ? [] : [target.name])]);
}

/**
 * The columns that branches made, in place of the first column of each, and all others as they were.
 */
function assembled(table: Table, { branches, dropped }: BranchesState, results: readonly Table[], target: string | undefined): Table {
  const replaced = new Map<string, NamedColumn[]>(dropped.map((name) => [name, []]));
  const added: NamedColumn[] = [];
  for (const { columns } of branches) for (const name of columns) replaced.set(name, replaced.get(name) ?? []);
  branches.forEach(({ columns }, i) => {
    const result = oneBatch(results[i]);
    const made = columnNames(result).filter((name) => name !== target).map((name) => ({ name, vector: result.getChild(name)! }));
    if (columns.length === 0) added.push(...made);
    else replaced.get(columns[0])!.push(...made);
  });
  return replaceColumns(table, replaced, added);
}

/**
 * A step that gives different columns different steps. A branch with a list of names takes those columns; one with a
 * kind or a function takes those that it selects among the columns that no list names and no branch before took.
 * Which columns those are is settled by the training rows. Columns of all branches and the rest stay in one table,
 * and each new one knows the column it is made from (`outputs`).
 *
 * When it misleads: numbers that are codes (a postal code, a month) count as numbers unless a list names them.
 *
 * @throws RunlabError from `fit` for what is no selector or no step, a name that is no feature, and what a step refuses.
 *
 * @example
 * const table = tableFromColumns({ mass: [1, null, 3], island: ["Dream", "Biscoe", "Dream"], when: [0, 1, 2].map((day) => new Date(day * 864e5)) });
 * const step = columnTransformer([
 *   { columns: "numbers", steps: [impute(), scale()] },
 *   { columns: ["island"], steps: oneHot() },
 *   { columns: "dates", steps: datetimeParts({ parts: ["weekday"] }) },
 * ]);
 * columnNames(step.fitTransform(table)); // ["mass", "island=Biscoe", "island=Dream", "when_weekday"]
 */
export function columnTransformer(branches: readonly ColumnBranch[], options: ColumnTransformerOptions = {}): ColumnTransformer {
  return new ColumnTransformer({ branches, ...options });
}
