/**
 * Models that predict a quantity.
 */
import type { Table } from "apache-arrow";
import type { Part, Task } from "../split/index.js";
import { Estimator, type Fitted, type TrainingData } from "./estimator.js";
import { type NumberTarget, numberTarget } from "./target.js";

/** A regressor: what `Estimator` promises, with one number a row. */
export abstract class Regressor<Options extends object = object, Extra extends object = object> extends Estimator<Options, Extra> {
  readonly task: Task = "regression";

  /** The predicted quantity of each row, in the unit of the target. */
  predict(data: Part | Table): Float64Array {
    return this.quantities(this.tableOf(data));
  }

  protected learn(training: TrainingData, params: Record<string, unknown>): Record<string, unknown> {
    return this.learnNumbers(training, numberTarget(training.table, training.target), params);
  }

  protected state(): unknown {
    return this.regressorState();
  }

  protected restoreState(state: unknown, fitted: Fitted): void {
    this.restoreRegressor(state as Record<string, unknown>, fitted);
  }

  protected abstract quantities(table: Table): Float64Array;
  protected abstract learnNumbers(training: TrainingData, target: NumberTarget, params: Record<string, unknown>): Record<string, unknown>;
  protected abstract regressorState(): Record<string, unknown>;
  protected abstract restoreRegressor(state: Record<string, unknown>, fitted: Fitted): void;
}
