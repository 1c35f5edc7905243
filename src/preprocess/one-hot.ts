/**
 * Categories as columns of 0 and 1.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { uint8Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { labelsLike } from "./column-like.js";
import { checkRareOptions, findLevels, holdsLevels, levelText, someLevels } from "./frequent-levels.js";
import type { Level, RareOptions } from "./frequent-levels.js";
import { isLevel, isNumber, isText, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** Options of `oneHot`. Rare categories share one column, `<name>=infrequent`. */
export interface OneHotOptions extends RareOptions {
  /**
   * A category that did not occur when fitting: "ignore" gives 0 in all its columns, "infrequent" counts it as rare
   * (or ignores it when nothing was rare), "error" refuses it. Default "ignore".
   */
  unknown?: "ignore" | "infrequent" | "error";
  /** Leave out the column of the first category: of every column ("first") or of columns with two ("ifBinary"). Default "none". */
  drop?: "none" | "first" | "ifBinary";
  /** Default: every text and category column among the features. Columns of numbers and booleans are taken when named. */
  columns?: readonly string[];
}

interface EncodedColumn {
  name: string;
  /** Categories with a column of their own, sorted; null stands for a missing value. */
  levels: Level[];
  /** Categories that share the column of rare ones. */
  rare: Level[];
  /** Place, among `levels` and then the rare ones' column, that gets no column. */
  dropped: number | null;
  /** What stands between the column's name and the category; "_" in steps written before this was kept. */
  joint?: string;
}

const UNKNOWN = ["ignore", "infrequent", "error"];
const DROP = ["none", "first", "ifBinary"];

/**
 * One column of 0 and 1 a category: see `oneHot`.
 *
 * Semantics of scikit-learn's OneHotEncoder; a missing value is a category of its own, named `<name>=missing`, and
 * `maxCategories` makes nothing rare where all categories fit.
 */
export class OneHotEncoder extends Transformer<EncodedColumn[]> {
  readonly type = "oneHot";
  override readonly options: OneHotOptions;

  constructor(options: OneHotOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { unknown = "ignore", minFrequency = null, maxCategories = null, drop = "none", columns = null } = this.options;
    return { unknown, minFrequency, maxCategories, drop, columns };
  }

  protected learn(table: Table, all: readonly string[]): EncodedColumn[] {
    const { unknown = "ignore", drop = "none", columns } = this.options;
    if (!UNKNOWN.includes(unknown)) throw new RunlabError("oneHot knows no such policy for unknown categories", { received: unknown, allowed: UNKNOWN.join(", ") });
    if (!DROP.includes(drop)) throw new RunlabError("oneHot knows no such drop", { received: drop, allowed: DROP.join(", ") });
    checkRareOptions(this.options);
    return chosenColumns("oneHot", table, all, columns, (name) => holdsLevels(table, name, columns !== undefined)).map((name) => {
      const { levels, rare } = findLevels(table, name, this.options);
      const width = levels.length + (rare.length > 0 ? 1 : 0);
      const dropped = drop === "first" || (drop === "ifBinary" && width === 2) ? 0 : null;
      return { name, levels, rare, dropped, joint: "=" };
    });
  }

  protected needs(state: EncodedColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: EncodedColumn[]): MadeColumn[] {
    return state.flatMap((column) => namesOf(column).map((name) => ({ name, sources: [column.name] })));
  }

  protected isState(state: unknown): state is EncodedColumn[] {
    return listOf(record({
      name: isText,
      levels: listOf(isLevel),
      rare: listOf(isLevel),
      dropped: (value) => value === null || isNumber(value),
      joint: (value) => value === undefined || isText(value),
    }))(state);
  }

  protected apply(table: Table, state: EncodedColumn[]): Table {
    const { unknown = "ignore" } = this.options;
    const replaced = new Map<string, NamedColumn[]>();
    for (const column of state) {
      const { name, levels, rare, dropped } = column;
      const found = labelsLike(table, name, [...levels, ...rare]);
      const rareAt = rare.length > 0 ? levels.length : -1;
      const known = new Map<Level, number>([...levels.map((level, at) => [level, at] as const), ...rare.map((level) => [level, rareAt] as const)]);
      const place = (value: Level): number => {
        const at = known.get(value);
        if (at !== undefined) return at;
        if (unknown === "error") throw unknownLevel(name, value, levels);
        return unknown === "infrequent" ? rareAt : -1;
      };
      // The place of a missing value comes first, so that a code of -1 finds it.
      const places = new Int32Array(found.levels.length + 1);
      places[0] = found.codes.includes(-1) ? place(null) : -1;
      found.levels.forEach((level, code) => { places[code + 1] = place(level); });
      const columns = Array.from({ length: levels.length + (rareAt >= 0 ? 1 : 0) }, () => new Uint8Array(table.numRows));
      for (let i = 0; i < found.codes.length; i++) {
        const at = places[found.codes[i] + 1];
        if (at >= 0) columns[at][i] = 1;
      }
      const names = namesOf(column);
      replaced.set(name, columns.filter((_, at) => at !== dropped).map((values, i) => ({ name: names[i], vector: uint8Vector(values) })));
    }
    return replaceColumns(table, replaced);
  }
}

/** The names of the columns that stand for one. */
function namesOf({ name, levels, rare, dropped, joint = "_" }: EncodedColumn): string[] {
  const parts = [...levels.map(levelText), ...(rare.length > 0 ? ["infrequent"] : [])];
  return parts.filter((_, at) => at !== dropped).map((part) => `${name}${joint}${part}`);
}

/** The error for a category that did not occur when fitting. */
export function unknownLevel(name: string, value: Level, levels: readonly Level[]): RunlabError {
  return new RunlabError(`column ${JSON.stringify(name)} holds a category that did not occur when fitting`, { received: value ?? "a missing value", allowed: someLevels(levels) });
}

/**
 * A step that replaces each column of categories by one column of 0 and 1 a category, named `<name>=<category>`, in
 * its place.
 *
 * When it misleads: a column with thousands of categories becomes thousands of columns; `minFrequency` and
 * `maxCategories` keep them few, and `targetEncode` makes one number of them.
 *
 * @example
 * const table = tableFromColumns({ island: ["Dream", "Biscoe", "Dream"] });
 * columnNames(oneHot().fitTransform(table)); // ["island=Biscoe", "island=Dream"]
 */
export function oneHot(options: OneHotOptions = {}): OneHotEncoder {
  return new OneHotEncoder(options);
}
