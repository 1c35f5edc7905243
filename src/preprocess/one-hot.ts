/**
 * Categories as columns of 0 and 1.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { uint8Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { labelsOf } from "../table/values.js";
import { Transformer, chosenColumns, namesGiven } from "./transformer.js";

/** Options of `oneHot`. */
export interface OneHotOptions {
  /**
   * A category that did not occur when fitting: "ignore" gives 0 in all its columns, "infrequent" counts it as rare
   * (or ignores it when nothing was rare), "error" refuses it. Default "ignore".
   */
  unknown?: "ignore" | "infrequent" | "error";
  /** Categories rarer than this share one column `<name>_infrequent`: a count from 1, or a share of the rows under 1. Default: none are. */
  minFrequency?: number;
  /** Leave out the column of the first category: of every column ("first") or of columns with two ("ifBinary"). Default "none". */
  drop?: "none" | "first" | "ifBinary";
  /** Default: every text and category column among the features. */
  columns?: readonly string[];
}

interface EncodedColumn {
  name: string;
  /** Categories with a column of their own, sorted; null stands for a missing value. */
  levels: (string | null)[];
  /** Categories that share the column of rare ones. */
  rare: (string | null)[];
  /** Places, among `levels` and then the rare ones' column, that get no column. */
  dropped: number | null;
}

const UNKNOWN = ["ignore", "infrequent", "error"];
const DROP = ["none", "first", "ifBinary"];

/**
 * One column of 0 and 1 a category: see `oneHot`.
 *
 * Semantics of scikit-learn's OneHotEncoder; a missing value is a category of its own, named `<name>_missing`.
 */
export class OneHotEncoder extends Transformer<EncodedColumn[]> {
  readonly type = "oneHot";
  override readonly options: OneHotOptions;

  constructor(options: OneHotOptions = {}) {
    super();
    this.options = options;
  }

  get chosen(): string[] {
    return namesGiven(this.options);
  }

  params(): Record<string, unknown> {
    const { unknown = "ignore", minFrequency = null, drop = "none", columns = null } = this.options;
    return { unknown, minFrequency, drop, columns };
  }

  protected learn(table: Table, all: readonly string[]): EncodedColumn[] {
    const { unknown = "ignore", minFrequency, drop = "none" } = this.options;
    if (!UNKNOWN.includes(unknown)) throw new RunlabError("oneHot knows no such policy for unknown categories", { received: unknown, allowed: UNKNOWN.join(", ") });
    if (!DROP.includes(drop)) throw new RunlabError("oneHot knows no such drop", { received: drop, allowed: DROP.join(", ") });
    if (minFrequency !== undefined && !(minFrequency > 0 && (minFrequency < 1 || Number.isInteger(minFrequency)))) {
      throw new RunlabError("minFrequency is a count or a share of the rows", { received: minFrequency, allowed: "a whole number from 1, or 0 < minFrequency < 1" });
    }
    const limit = minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * table.numRows : minFrequency;
    const suits = (name: string): boolean => columnKind(table.getChild(name)!.type) === "category";
    return chosenColumns("oneHot", table, all, this.options.columns, suits).map((name) => {
      const { codes, levels } = labelsOf(table, name);
      const counts = new Float64Array(levels.length + 1);
      for (let i = 0; i < codes.length; i++) counts[codes[i] < 0 ? levels.length : codes[i]]++;
      const found: (string | null)[] = counts[levels.length] > 0 ? [...(levels as string[]), null] : (levels as string[]);
      const frequent = found.filter((_, i) => counts[i] >= limit);
      const rare = found.filter((_, i) => counts[i] < limit);
      const width = frequent.length + (rare.length > 0 ? 1 : 0);
      const dropped = drop === "first" || (drop === "ifBinary" && width === 2) ? 0 : null;
      return { name, levels: frequent, rare, dropped };
    });
  }

  protected needs(state: EncodedColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected apply(table: Table, state: EncodedColumn[]): Table {
    const { unknown = "ignore" } = this.options;
    const replaced = new Map<string, NamedColumn[]>();
    for (const { name, levels, rare, dropped } of state) {
      const column = labelsOf(table, name);
      const rareAt = rare.length > 0 ? levels.length : -1;
      const width = levels.length + (rareAt >= 0 ? 1 : 0);
      const place = (value: string | null): number => {
        const at = levels.indexOf(value);
        if (at >= 0) return at;
        if (rare.includes(value)) return rareAt;
        if (unknown === "error") throw new RunlabError(`column ${JSON.stringify(name)} holds a category that did not occur when fitting`, { received: value ?? "a missing value", allowed: levels.slice(0, 12).map((level) => level ?? "(missing)").join(", ") + (levels.length > 12 ? ", …" : "") });
        return unknown === "infrequent" ? rareAt : -1;
      };
      const places = Int32Array.from(column.levels, (level) => place(level as string));
      const missingAt = column.codes.includes(-1) ? place(null) : -1;
      const columns = Array.from({ length: width }, () => new Uint8Array(table.numRows));
      for (let i = 0; i < column.codes.length; i++) {
        const code = column.codes[i];
        const at = code < 0 ? missingAt : places[code];
        if (at >= 0) columns[at][i] = 1;
      }
      const named = columns.map((values, at) => ({ name: `${name}_${at === rareAt ? "infrequent" : levels[at] ?? "missing"}`, vector: uint8Vector(values) }));
      replaced.set(name, named.filter((_, at) => at !== dropped));
    }
    return replaceColumns(table, replaced);
  }
}

/**
 * A step that replaces each column of categories by one column of 0 and 1 a category, named `<name>_<category>`, in
 * its place.
 *
 * When it misleads: a column with thousands of categories becomes thousands of columns; `minFrequency` keeps them few.
 *
 * @example
 * const table = tableFromColumns({ island: ["Dream", "Biscoe", "Dream"] });
 * columnNames(oneHot().fitTransform(table)); // ["island_Biscoe", "island_Dream"]
 */
export function oneHot(options: OneHotOptions = {}): OneHotEncoder {
  return new OneHotEncoder(options);
}
