/**
 * Training rows kept apart to judge by.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../../errors.js";
import type { RandomStream } from "../../random/index.js";
import { takeRows } from "../../table/index.js";
import { drawShare } from "../trees/row-sampling.js";
import type { ValidationRows } from "./validation.js";

/** Training rows with all that belongs to them. */
export interface LearnedRows {
  readonly table: Table;
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  readonly gradientWeights: Float64Array | null;
  readonly groups: Uint32Array | null;
}

/**
 * Divides training rows: a share of them, or of the groups of a ranking, is to be judged by.
 *
 * @throws RunlabError when no row, or no group, would be left on a side.
 */
export function holdBack(all: LearnedRows, share: number, labels: boolean, random: RandomStream): { learned: LearnedRows; validation: ValidationRows[] } {
  const { groups } = all;
  const count = all.target.length;
  const units = groups === null ? count : groups.length - 1;
  if (units < 2) throw new RunlabError(`validationFraction needs two ${groups === null ? "rows" : "groups"} or more`, { received: String(units) });
  const held = drawShare(units, share, random);
  const isHeld = new Uint8Array(units);
  for (const unit of held) isHeld[unit] = 1;
  const unitOf = groups === null ? null : unitsOfRows(groups);
  const side = (wanted: number): LearnedRows => {
    const rows = Uint32Array.from({ length: count }, (_, row) => row).filter((row) => isHeld[unitOf === null ? row : unitOf[row]] === wanted);
    const take = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row]);
    return {
      table: takeRows(all.table, rows),
      target: take(all.target),
      weights: all.weights === null ? null : take(all.weights),
      gradientWeights: all.gradientWeights === null ? null : take(all.gradientWeights),
      groups: groups === null ? null : groupsLeft(groups, isHeld, wanted),
    };
  };
  const { table, target, weights, groups: own } = side(1);
  const rows = { count: target.length, target, codes: labels ? Int32Array.from(target) : null, weights, groups: own };
  return { learned: side(0), validation: [{ name: "validation", table, rows }] };
}

function unitsOfRows(groups: Uint32Array): Int32Array {
  const of = new Int32Array(groups[groups.length - 1]);
  for (let g = 0; g + 1 < groups.length; g++) of.fill(g, groups[g], groups[g + 1]);
  return of;
}

function groupsLeft(groups: Uint32Array, isHeld: Uint8Array, wanted: number): Uint32Array {
  const ends = [0];
  for (let g = 0; g + 1 < groups.length; g++) if (isHeld[g] === wanted) ends.push(ends[ends.length - 1] + groups[g + 1] - groups[g]);
  return Uint32Array.from(ends);
}
