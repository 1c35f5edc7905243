/**
 * Numbers as ranges.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { float64Vector, uint8Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { numbersOf } from "../table/values.js";
import { numbersLike } from "./column-like.js";
import { requireFinite } from "./number-transformer.js";
import { presentValues, selectRank } from "./order-statistics.js";
import { isNumber, isText, listOf, record } from "./shape.js";
import { sortNumbers } from "./sort-numbers.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** Options of `discretise`. */
export interface DiscretiseOptions {
  /** How many ranges. Default 5. */
  nBins?: number;
  /** Ranges with equally many training rows ("quantile") or of equal width ("uniform"). Default "quantile". */
  strategy?: "quantile" | "uniform";
  /** The number of the range ("ordinal") or a column of 0 and 1 a range ("oneHot"). Default "ordinal". */
  encode?: "ordinal" | "oneHot";
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface BinnedColumn {
  name: string;
  /** Where each range but the first begins, ascending. */
  edges: number[];
}

const STRATEGIES = ["quantile", "uniform"];
const ENCODE = ["ordinal", "oneHot"];
/** Ranges narrower than this are joined to the next, as in scikit-learn. */
const NARROWEST = 1e-8;

/**
 * Numbers as ranges: see `discretise`.
 *
 * Semantics of scikit-learn's KBinsDiscretizer, whose quantiles lie half-way between two rows where they fall between
 * them ("averaged_inverted_cdf"); missing values, which it refuses, stay missing or get 0 in every range.
 */
export class KBinsDiscretizer extends Transformer<BinnedColumn[]> {
  readonly type = "discretise";
  override readonly options: DiscretiseOptions;

  constructor(options: DiscretiseOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { nBins = 5, strategy = "quantile", encode = "ordinal", columns = null } = this.options;
    return { nBins, strategy, encode, columns };
  }

  protected learn(table: Table, all: readonly string[]): BinnedColumn[] {
    const { nBins = 5, strategy = "quantile", encode = "ordinal", columns } = this.options;
    if (!Number.isInteger(nBins) || nBins < 2 || nBins > 65_536) throw new RunlabError("nBins is a whole number from 2 to 65536", { received: nBins });
    if (!STRATEGIES.includes(strategy)) throw new RunlabError("discretise knows no such strategy", { received: strategy, allowed: STRATEGIES.join(", ") });
    if (!ENCODE.includes(encode)) throw new RunlabError("discretise knows no such encode", { received: encode, allowed: ENCODE.join(", ") });
    return chosenColumns("discretise", table, all, columns, (name) => columnKind(table.getChild(name)!.type) === "number").map((name) => {
      const values = numbersOf(table, name);
      requireFinite("discretise", values, name);
      return { name, edges: strategy === "quantile" ? quantileEdges(presentValues(values), nBins) : evenEdges(values, nBins) };
    });
  }

  protected needs(state: BinnedColumn[]): string[] {
    return state.map((column) => column.name);
  }

  protected made(state: BinnedColumn[]): MadeColumn[] {
    return state.flatMap((column) => this.#namesOf(column).map((name) => ({ name, sources: [column.name] })));
  }

  protected isState(state: unknown): state is BinnedColumn[] {
    return listOf(record({ name: isText, edges: listOf(isNumber) }))(state);
  }

  protected apply(table: Table, state: BinnedColumn[]): Table {
    const replaced = new Map<string, NamedColumn[]>();
    for (const column of state) {
      const { values, missing } = numbersLike(table, column.name);
      const places = placesIn(values, Float64Array.from(column.edges));
      const names = this.#namesOf(column);
      if (this.options.encode !== "oneHot") {
        replaced.set(column.name, [{ name: column.name, vector: float64Vector(places, missing) }]);
        continue;
      }
      const columns = names.map(() => new Uint8Array(values.length));
      for (let i = 0; i < places.length; i++) if (places[i] === places[i]) columns[places[i]][i] = 1;
      replaced.set(column.name, columns.map((each, i) => ({ name: names[i], vector: uint8Vector(each) })));
    }
    return replaceColumns(table, replaced);
  }

  #namesOf({ name, edges }: BinnedColumn): string[] {
    if (this.options.encode !== "oneHot") return [name];
    if (edges.length === 0) return [`${name}=any`];
    return Array.from({ length: edges.length + 1 }, (_, i) => `${name}=${i === 0 ? `below ${edges[0]}` : i === edges.length ? `from ${edges[i - 1]}` : `${edges[i - 1]} to ${edges[i]}`}`);
  }
}

/** The inner borders; equal ones are one. Reorders the values. */
function quantileEdges(values: Float64Array, nBins: number): number[] {
  const n = values.length;
  // A border lies at one row, or half-way between two neighbours.
  const places = Array.from({ length: nBins + 1 }, (_, i) => {
    const at = n * (i === nBins ? 1 : (i * (100 / nBins)) / 100) - 1;
    const below = Math.floor(at);
    const inside = (place: number): number => Math.max(0, Math.min(n - 1, place));
    return [inside(at === below ? below : below + 1), inside(below + 1)] as const;
  });
  const atRank = valuesAt(values, [...new Set(places.flat())].sort((a, b) => a - b));
  const borders = places.map(([lower, upper]) => (atRank.get(lower)! + atRank.get(upper)!) / 2);
  const kept = borders.filter((border, i) => i === 0 || border - borders[i - 1] > NARROWEST);
  return kept.slice(1, -1).map((edge) => edge + 0);
}

/** The values of some ranks, which ascend. Reorders the values. */
function valuesAt(values: Float64Array, ranks: readonly number[]): Map<number, number> {
  if (ranks.length > 40) {
    const sorted = sortNumbers(values);
    return new Map(ranks.map((rank) => [rank, sorted[rank]]));
  }
  let start = 0;
  return new Map(ranks.map((rank) => {
    // What was found before leaves only greater values behind it.
    const value = selectRank(values.subarray(start), rank - start);
    start = rank;
    return [rank, value];
  }));
}

function evenEdges(values: Float64Array, nBins: number): number[] {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < least) least = values[i];
    if (values[i] > greatest) greatest = values[i];
  }
  if (least === greatest) return [];
  const step = (greatest - least) / nBins;
  return Array.from({ length: nBins - 1 }, (_, i) => least + (i + 1) * step + 0);
}

/** How many borders are not above each value; NaN stays NaN. */
function placesIn(values: Float64Array, edges: Float64Array): Float64Array {
  const places = new Float64Array(values.length);
  if (edges.length <= 16) {
    // Few borders are counted one after the other: no jump that the processor would guess wrongly.
    for (let e = 0; e < edges.length; e++) {
      const edge = edges[e];
      for (let i = 0; i < values.length; i++) places[i] += values[i] >= edge ? 1 : 0;
    }
    for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) places[i] = NaN;
    return places;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle] <= value) low = middle + 1;
      else high = middle;
    }
    places[i] = value === value ? low : NaN;
  }
  return places;
}

/**
 * A step that replaces each number by the range it lies in: by its number from 0, or by a column of 0 and 1 a range,
 * named `<name>=1 to 2`. A range holds its lower border.
 *
 * When it misleads: what differs within a range is lost, and rows on the two sides of a border look farther apart than
 * they are.
 *
 * @example
 * const table = tableFromColumns({ age: [3, 18, 35, 70] });
 * [...discretise({ nBins: 2 }).fitTransform(table).getChild("age")!]; // [0, 0, 1, 1]
 */
export function discretise(options: DiscretiseOptions = {}): KBinsDiscretizer {
  return new KBinsDiscretizer(options);
}
