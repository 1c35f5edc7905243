/**
 * Categories as whole numbers.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { float64Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { labelsOf } from "../table/values.js";
import { labelsLike } from "./column-like.js";
import { checkRareOptions, findLevels, holdsLevels } from "./frequent-levels.js";
import type { Level, RareOptions } from "./frequent-levels.js";
import { unknownLevel } from "./one-hot.js";
import { isLevel, isText, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** Options of `ordinal`. Rare categories share the last number. */
export interface OrdinalOptions extends RareOptions {
  /** The order of the categories of some columns, first to last: such as `{ size: ["S", "M", "L"] }`. Default: sorted. */
  categories?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** A category that did not occur when fitting: "error" refuses it, "missing" makes it a missing value, a number stands for it. Default "error". */
  unknown?: "error" | "missing" | number;
  /** A number for missing values. Default: they stay missing. */
  missing?: number;
  /** Default: every text and category column among the features. Columns of numbers and booleans are taken when named. */
  columns?: readonly string[];
}

interface OrderedColumn {
  name: string;
  /** Each category's number is its place. */
  levels: Level[];
  /** Categories that share the number after the last. */
  rare: Level[];
}

/**
 * Categories as whole numbers from 0: see `ordinal`.
 *
 * Semantics of scikit-learn's OrdinalEncoder.
 */
export class OrdinalEncoder extends Transformer<OrderedColumn[]> {
  readonly type = "ordinal";
  override readonly options: OrdinalOptions;

  constructor(options: OrdinalOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { categories = null, unknown = "error", missing = null, minFrequency = null, maxCategories = null, columns = null } = this.options;
    return { categories, unknown, missing, minFrequency, maxCategories, columns };
  }

  protected learn(table: Table, all: readonly string[]): OrderedColumn[] {
    const { categories = {}, unknown = "error", missing, columns } = this.options;
    if (unknown !== "error" && unknown !== "missing" && !Number.isFinite(unknown)) throw new RunlabError("ordinal knows no such policy for unknown categories", { received: unknown, allowed: '"error", "missing" or a number' });
    if (missing !== undefined && !Number.isFinite(missing)) throw new RunlabError("missing is the number for missing values", { received: missing });
    checkRareOptions(this.options);
    const chosen = chosenColumns("ordinal", table, all, columns, (name) => holdsLevels(table, name, columns !== undefined || name in categories));
    for (const name of Object.keys(categories)) {
      if (!chosen.includes(name)) throw new RunlabError("categories names a column that ordinal does not encode", { received: name, allowed: chosen.join(", ") });
    }
    return chosen.map((name) => {
      const ordered = Object.hasOwn(categories, name) ? categories[name] : undefined;
      if (ordered === undefined) {
        const { levels, rare } = findLevels(table, name, this.options);
        return { name, levels: levels.filter((level) => level !== null), rare: rare.filter((level) => level !== null) };
      }
      if (!Array.isArray(ordered) || ordered.length === 0 || new Set(ordered).size < ordered.length) throw new RunlabError(`categories of ${JSON.stringify(name)} is a list of different values`, { received: String(ordered) });
      const strange = labelsOf(table, name).levels.find((level) => !ordered.includes(level));
      if (strange !== undefined && unknown === "error") throw unknownLevel(name, strange, ordered);
      return { name, levels: [...ordered], rare: [] };
    });
  }

  protected needs(state: OrderedColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: OrderedColumn[]): MadeColumn[] {
    return state.map(({ name }) => ({ name, sources: [name] }));
  }

  protected isState(state: unknown): state is OrderedColumn[] {
    return listOf(record({ name: isText, levels: listOf(isLevel), rare: listOf(isLevel) }))(state);
  }

  protected apply(table: Table, state: OrderedColumn[]): Table {
    const { unknown = "error", missing = NaN } = this.options;
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name, levels, rare } of state) {
      const found = labelsLike(table, name, [...levels, ...rare]);
      const known = new Map<Level, number>([...levels.map((level, at) => [level, at] as const), ...rare.map((level) => [level, levels.length] as const)]);
      // The number of a missing value comes first, so that a code of -1 finds it.
      const numbers = new Float64Array(found.levels.length + 1);
      numbers[0] = missing;
      found.levels.forEach((level, code) => {
        const at = known.get(level);
        if (at === undefined && unknown === "error") throw unknownLevel(name, level, levels);
        numbers[code + 1] = at ?? (typeof unknown === "number" ? unknown : NaN);
      });
      const out = new Float64Array(table.numRows);
      const absent = new Uint8Array(table.numRows);
      for (let i = 0; i < out.length; i++) {
        out[i] = numbers[found.codes[i] + 1];
        absent[i] = out[i] === out[i] ? 0 : 1;
      }
      replaced.set(name, [{ name, vector: float64Vector(out, absent) }]);
    }
    return replaceColumns(table, replaced);
  }
}

/**
 * A step that replaces each category by its place among the sorted ones, or in the order that `categories` gives.
 *
 * When it misleads: a linear model takes the order and the distances for real, though sorted names have none; trees
 * mind less, and `GradientBoosting` and the forests take categories as they are.
 *
 * @example
 * const table = tableFromColumns({ size: ["M", "S", "L"] });
 * [...ordinal({ categories: { size: ["S", "M", "L"] } }).fitTransform(table).getChild("size")!]; // [1, 0, 2]
 */
export function ordinal(options: OrdinalOptions = {}): OrdinalEncoder {
  return new OrdinalEncoder(options);
}
