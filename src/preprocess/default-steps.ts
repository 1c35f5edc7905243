/**
 * The steps that make any table of numbers, booleans and categories fit for a linear model.
 */
import type { Table } from "apache-arrow";
import { isPart } from "../split/part.js";
import type { Part } from "../split/part.js";
import { columnKind } from "../table/kind.js";
import { columnNames } from "../table/names.js";
import { impute } from "./impute.js";
import { oneHot } from "./one-hot.js";
import { scale } from "./scale.js";
import type { Transformer } from "./transformer.js";

/**
 * Missing numbers become the median, numbers are scaled, and categories become columns of 0 and 1; a missing category
 * is a category of its own, one that did not occur when fitting is ignored. The steps are not fitted yet.
 *
 * @example
 * const table = tableFromColumns({ mass: [1, null, 3], island: ["Dream", "Biscoe", null] });
 * const steps = defaultSteps(table);
 * columnNames(steps.reduce((each, step) => step.fitTransform(each), table)); // ["mass", "island=Biscoe", "island=Dream", "island=missing"]
 */
export function defaultSteps(data: Part | Table): Transformer[] {
  const table = isPart(data) ? data.table : data;
  const features = isPart(data) ? data.features : columnNames(table);
  const ofKind = (...kinds: string[]): string[] => features.filter((name) => kinds.includes(columnKind(table.getChild(name)!.type)));
  return [
    impute({ strategy: "median", columns: ofKind("number", "boolean") }),
    scale({ columns: ofKind("number") }),
    oneHot({ unknown: "ignore", columns: ofKind("category") }),
  ];
}
