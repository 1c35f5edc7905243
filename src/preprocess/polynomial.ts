/**
 * Products and powers of columns.
 */
import type { Table } from "apache-arrow";
import { RunlabError } from "../errors.js";
import { columnKind } from "../table/kind.js";
import { float64Vector } from "../table/make-vector.js";
import { replaceColumns } from "../table/replace-columns.js";
import type { NamedColumn } from "../table/replace-columns.js";
import { numbersLike } from "./column-like.js";
import { isText, listOf, record } from "./shape.js";
import { Transformer, chosenColumns } from "./transformer.js";
import type { MadeColumn } from "./transformer.js";

/** Options of `polynomial`. */
export interface PolynomialOptions {
  /** The most factors of a product. Default 2. */
  degree?: number;
  /** Only products of different columns, no powers. Default false. */
  interactionOnly?: boolean;
  /** A column `bias` of ones; models of this library have an intercept of their own. Default false. */
  includeBias?: boolean;
  /** Default: every number column among the features. */
  columns?: readonly string[];
}

interface PolynomialState {
  columns: string[];
  /** Each new column as places in `columns`, ascending, a place once for each power. */
  products: number[][];
  bias: boolean;
}

/** More columns than this are a mistake. */
const MOST = 20_000;
const BIAS = "bias";

/**
 * Products and powers of columns: see `polynomial`.
 *
 * The columns of scikit-learn's PolynomialFeatures, in its order; the columns themselves stay where they are.
 */
export class PolynomialFeatures extends Transformer<PolynomialState> {
  readonly type = "polynomial";
  override readonly options: PolynomialOptions;

  constructor(options: PolynomialOptions = {}) {
    super();
    this.options = options;
  }

  params(): Record<string, unknown> {
    const { degree = 2, interactionOnly = false, includeBias = false, columns = null } = this.options;
    return { degree, interactionOnly, includeBias, columns };
  }

  protected learn(table: Table, all: readonly string[]): PolynomialState {
    const { degree = 2, interactionOnly = false, includeBias = false, columns: named } = this.options;
    if (!Number.isInteger(degree) || degree < 1) throw new RunlabError("degree is a whole number, 1 or more", { received: degree });
    const suits = (name: string): boolean => {
      const kind = columnKind(table.getChild(name)!.type);
      return kind === "number" || (named !== undefined && kind === "boolean");
    };
    const columns = chosenColumns("polynomial", table, all, named, suits);
    const products: number[][] = [];
    let shorter: number[][] = columns.map((_, i) => [i]);
    for (let factors = 2; factors <= degree && shorter.length > 0; factors++) {
      const longer: number[][] = [];
      for (const product of shorter) {
        for (let next = product.at(-1)! + (interactionOnly ? 1 : 0); next < columns.length; next++) {
          longer.push([...product, next]);
          if (products.length + longer.length > MOST) throw new RunlabError("polynomial would make too many columns", { received: `degree ${degree} of ${columns.length} columns`, allowed: `at most ${MOST}; name fewer columns, or interactionOnly: true` });
        }
      }
      products.push(...longer);
      shorter = longer;
    }
    return { columns, products, bias: includeBias };
  }

  protected needs(state: PolynomialState): string[] {
    return state.columns;
  }

  protected made({ columns, products, bias }: PolynomialState): MadeColumn[] {
    return [
      ...(bias ? [{ name: BIAS, sources: [] }] : []),
      ...products.map((product) => ({ name: nameOf(product, columns), sources: [...new Set(product)].map((place) => columns[place]) })),
    ];
  }

  protected isState(state: unknown): state is PolynomialState {
    if (!record({ columns: listOf(isText), products: listOf(listOf(Number.isInteger)), bias: (value) => typeof value === "boolean" })(state)) return false;
    const { columns, products } = state as PolynomialState;
    // A product is made from a shorter one before it.
    const before = new Set(Array.from(columns.keys(), String));
    const follows = (product: readonly number[]): boolean => before.has(product.slice(0, -1).join()) && before.add(product.join()).size > 0;
    return products.length <= MOST && products.every((product) => product.length >= 2 && product.every((place) => place >= 0 && place < columns.length) && follows(product));
  }

  protected apply(table: Table, { columns, products, bias }: PolynomialState): Table {
    const read = columns.map((name) => numbersLike(table, name));
    const numbers = read.map(({ values }) => values);
    const missing = read.map((column) => column.missing);
    const made = new Map<string, Float64Array>();
    const added: NamedColumn[] = bias ? [{ name: BIAS, vector: float64Vector(new Float64Array(table.numRows).fill(1)) }] : [];
    for (const product of products) {
      // All factors but the last were multiplied before, for a shorter product.
      const before = product.length === 2 ? numbers[product[0]] : made.get(product.slice(0, -1).join())!;
      const last = numbers[product.at(-1)!];
      const values = new Float64Array(table.numRows);
      for (let i = 0; i < values.length; i++) values[i] = before[i] * last[i];
      made.set(product.join(), values);
      added.push({ name: nameOf(product, columns), vector: float64Vector(values, anyOf(product.map((place) => missing[place]))) });
    }
    return replaceColumns(table, new Map(), added);
  }
}

function anyOf(marks: readonly (Uint8Array | null)[]): Uint8Array | null {
  const some = [...new Set(marks)].filter((each) => each !== null);
  if (some.length < 2) return some[0] ?? null;
  const all = some[0].slice();
  for (const other of some.slice(1)) for (let i = 0; i < all.length; i++) all[i] |= other[i];
  return all;
}

/** `a*b` for a product, `a^2` for a power, `a^2*b` for both. */
function nameOf(product: readonly number[], columns: readonly string[]): string {
  const powers = new Map<number, number>();
  for (const place of product) powers.set(place, (powers.get(place) ?? 0) + 1);
  return [...powers].map(([place, power]) => (power === 1 ? columns[place] : `${columns[place]}^${power}`)).join("*");
}

/**
 * A step that adds products and powers of number columns, named `a*b` and `a^2`, after the columns there are: with them
 * a linear model draws curves, and sees what two columns do together.
 *
 * When it misleads: 100 columns have 5,050 products of two; powers of large numbers are huge, so scale before and after.
 *
 * @example
 * const table = tableFromColumns({ a: [1, 2], b: [3, 4] });
 * columnNames(polynomial().fitTransform(table)); // ["a", "b", "a^2", "a*b", "b^2"]
 */
export function polynomial(options: PolynomialOptions = {}): PolynomialFeatures {
  return new PolynomialFeatures(options);
}
