/**
 * Steps that change number columns one by one, each into another of the same name.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { float64Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { numbersOf } from "../table/values.js";
import { numbersLike } from "./column-like.js";
import { isText, listOf, record } from "./shape.js";
import type { Check } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** What is kept of a column besides its name. */
export interface LearnedColumn {
  readonly name: string;
}

/**
 * A step over number columns: those named in its options (booleans too, as 0 and 1), else every number column among
 * the features. Missing values are left out when fitting and stay missing.
 */
export abstract class NumberTransformer<Learned extends LearnedColumn> extends Transformer<Learned[]> {
  /** What is kept of a column: `values` may hold NaN, and one finite number at least. */
  protected abstract learnColumn(values: Float64Array, name: string): Omit<Learned, "name">;
  /** Writes the changed values into `out`; NaN stays NaN. */
  protected abstract changeColumn(values: Float64Array, learned: Learned, out: Float64Array): void;
  /** Refuses options that do not fit. */
  protected checkChoices(): void {}
  /** The shape of what is kept of a column. */
  protected abstract readonly shape: Readonly<Record<string, Check>>;

  protected learn(table: Table, all: readonly string[]): Learned[] {
    this.checkChoices();
    const { columns } = this.options as { columns?: readonly string[] };
    const suits = (name: string): boolean => {
      const kind = columnKind(table.getChild(name)!.type);
      return kind === "number" || (columns !== undefined && kind === "boolean");
    };
    return chosenColumns(this.type, table, all, columns, suits).map((name) => {
      const values = numbersOf(table, name);
      requireFinite(this.type, values, name);
      return { name, ...this.learnColumn(values, name) } as Learned;
    });
  }

  override restore(state: unknown): this {
    // Options of a loaded step come from a file too, and nothing is learned again that would check them.
    this.checkChoices();
    return super.restore(state);
  }

  protected needs(state: Learned[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: Learned[]): MadeColumn[] {
    return state.map(({ name }) => ({ name, sources: [name] }));
  }

  protected isState(state: unknown): state is Learned[] {
    return listOf(record({ name: isText, ...this.shape }))(state);
  }

  protected apply(table: Table, state: Learned[]): Table {
    const replaced = new Map<string, NamedColumn[]>();
    for (const learned of state) {
      const { values, missing } = numbersLike(table, learned.name);
      const out = new Float64Array(values.length);
      this.changeColumn(values, learned, out);
      replaced.set(learned.name, [{ name: learned.name, vector: float64Vector(out, missing) }]);
    }
    return replaceColumns(table, replaced);
  }
}

/** Refuses infinite values, and columns without any. */
export function requireFinite(step: string, values: Float64Array, name: string): void {
  let present = false;
  for (let i = 0; i < values.length; i++) {
    // The difference is 0 for finite values, NaN for the others.
    if (values[i] - values[i] === 0) present = true;
    else if (values[i] === values[i]) throw new RunlabError(`${step} works on finite numbers; column ${JSON.stringify(name)} has none in row ${i}`, { received: values[i] });
  }
  if (!present) throw new RunlabError(`column ${JSON.stringify(name)} has no value to learn from`, { allowed: "impute it with a constant, or leave it out" });
}
