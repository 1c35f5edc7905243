/**
 * Steps over numbers as ONNX.
 */
import { CENTRE, MIDDLE, TAIL, normalQuantile } from "../../preprocess/normal-quantile.js";
import type { StepConversion } from "./conversion.js";
import { type Frame, cast, joined, oneHotOf } from "./frame.js";
import type { Graph } from "./graph.js";

type Learned<Fields> = readonly ({ readonly name: string } & Fields)[];

/** Replaces the columns of a step by what `change` makes of them side by side. */
function changed(frame: Frame, columns: readonly { readonly name: string }[], change: (block: string) => string): void {
  const names = columns.map((column) => column.name);
  if (names.length > 0) frame.setNumbers(names, change(frame.numbers(names)));
}

/** (block - shift) / divisor, each one number a column, or left out. */
function shifted(graph: Graph, block: string, shift: readonly number[] | null, divisor: readonly number[] | null): string {
  const centred = shift === null ? block : graph.node("Sub", [block, graph.row(shift)]);
  return divisor === null ? centred : graph.node("Div", [centred, graph.row(divisor)]);
}

export function scale({ frame, state, params }: StepConversion): void {
  const columns = state as Learned<{ mean: number; scale: number }>;
  const shift = params["withMean"] === false ? null : columns.map((column) => column.mean);
  const divisor = params["withStd"] === false ? null : columns.map((column) => column.scale);
  changed(frame, columns, (block) => shifted(frame.graph, block, shift, divisor));
}

export function robustScale({ frame, state, params }: StepConversion): void {
  const columns = state as Learned<{ centre: number; scale: number }>;
  const shift = params["withCentering"] === false ? null : columns.map((column) => column.centre);
  const divisor = params["withScaling"] === false ? null : columns.map((column) => column.scale);
  changed(frame, columns, (block) => shifted(frame.graph, block, shift, divisor));
}

export function minMaxScale({ frame, state, params }: StepConversion): void {
  const columns = state as Learned<{ scale: number; shift: number }>;
  const { graph } = frame;
  changed(frame, columns, (block) => {
    const product = graph.node("Mul", [block, graph.row(columns.map((column) => column.scale))]);
    const moved = graph.node("Add", [product, graph.row(columns.map((column) => column.shift))]);
    if (params["clip"] !== true) return moved;
    const [low, high] = (params["featureRange"] ?? [0, 1]) as [number, number];
    return between(graph, moved, low, high);
  });
}

/** Values below `low` and above `high` as those; NaN stays. */
function between(graph: Graph, values: string, low: number, high: number): string {
  const raised = graph.node("Where", [graph.node("Less", [values, graph.number(low)]), graph.number(low), values]);
  return graph.node("Where", [graph.node("Greater", [raised, graph.number(high)]), graph.number(high), raised]);
}

export function maxAbsScale({ frame, state }: StepConversion): void {
  const columns = state as Learned<{ scale: number }>;
  changed(frame, columns, (block) => shifted(frame.graph, block, null, columns.map((column) => column.scale)));
}

export function powerTransform({ frame, state, params }: StepConversion): void {
  const columns = state as Learned<{ lambda: number; mean: number; scale: number }>;
  const { graph } = frame;
  changed(frame, columns, (block) => {
    const raised = columns.map(({ lambda }, at) => {
      const value = graph.node("Gather", [block, graph.ints([at])], { axis: { int: 1 } });
      return params["method"] === "box-cox" ? power(graph, graph.node("Log", [value]), lambda) : yeoJohnson(graph, value, lambda);
    });
    return shifted(graph, joined(graph, raised), columns.map((column) => column.mean), columns.map((column) => column.scale));
  });
}

/** (e^(lambda log) - 1) / lambda, which is the logarithm itself for 0. */
function power(graph: Graph, log: string, lambda: number): string {
  if (lambda === 0) return log;
  const grown = graph.node("Exp", [graph.node("Mul", [log, graph.number(lambda)])]);
  return graph.node("Div", [graph.node("Sub", [grown, graph.number(1)]), graph.number(lambda)]);
}

function yeoJohnson(graph: Graph, value: string, lambda: number): string {
  const log = graph.node("Log", [graph.node("Add", [graph.node("Abs", [value]), graph.number(1)])]);
  const negative = graph.node("Neg", [power(graph, log, 2 - lambda)]);
  return graph.node("Where", [graph.node("Less", [value, graph.number(0)]), negative, power(graph, log, lambda)]);
}

/** How many of `marks` (one row, ascending) satisfy the comparison, [rows, 1]. */
function countOf(graph: Graph, comparison: string, marks: readonly number[], value: string): string {
  return graph.node("ReduceSum", [cast(graph, graph.node(comparison, [graph.row(marks), value]), "double"), graph.ints([1])], { keepdims: { int: 1 } });
}

export function discretise({ frame, state, params, made }: StepConversion): void {
  const { graph } = frame;
  for (const { name, edges } of state as Learned<{ edges: readonly number[] }>) {
    const value = frame.numbers([name]);
    const zero = graph.node("Sub", [value, value]);
    const place = edges.length === 0 ? zero : graph.node("Where", [graph.node("IsNaN", [value]), value, countOf(graph, "LessOrEqual", edges, value)]);
    if (params["encode"] !== "oneHot") {
      frame.setNumbers([name], place);
      continue;
    }
    frame.remove(name);
    frame.setNumbers(made.filter((column) => column.sources[0] === name).map((column) => column.name), oneHotOf(graph, place, edges.length + 1));
  }
}

export function polynomial({ frame, state, made }: StepConversion): void {
  const { columns, products, bias } = state as { columns: readonly string[]; products: readonly (readonly number[])[]; bias: boolean };
  const { graph } = frame;
  const numbers = columns.map((name) => frame.numbers([name]));
  const known = new Map<string, string>(numbers.map((tensor, place) => [String(place), tensor]));
  const names = made.map((column) => column.name);
  if (bias) frame.setNumbers([names[0]], oneRow(graph, numbers[0]));
  products.forEach((product, i) => {
    const before = known.get(product.slice(0, -1).join())!;
    const tensor = graph.node("Mul", [before, numbers[product.at(-1)!]]);
    known.set(product.join(), tensor);
    frame.setNumbers([names[i + (bias ? 1 : 0)]], tensor);
  });
}

/** A 1 for each row of a column, missing values or not. */
function oneRow(graph: Graph, column: string): string {
  return graph.node("Expand", [graph.row([1]), graph.node("Shape", [column])]);
}

/** As scikit-learn's QuantileTransformer: this near the ends counts as the end, and the normal quantile goes no further out. */
const NEAR = 1e-7;
const FARTHEST = -normalQuantile(NEAR - Number.EPSILON);

export function quantileTransform({ frame, state, params }: StepConversion): void {
  const { graph } = frame;
  const normal = params["outputDistribution"] === "normal";
  for (const { name, quantiles } of state as Learned<{ quantiles: readonly number[] }>) {
    const value = frame.numbers([name]);
    const last = quantiles.length - 1;
    const share = shareOf(graph, value, quantiles);
    const near = normal ? NEAR : 0;
    const [starts, ends] = normal
      ? [graph.node("Less", [graph.node("Sub", [value, graph.number(near)]), graph.number(quantiles[0])]), graph.node("Greater", [graph.node("Add", [value, graph.number(near)]), graph.number(quantiles[last])])]
      : [graph.node("LessOrEqual", [value, graph.number(quantiles[0])]), graph.node("GreaterOrEqual", [value, graph.number(quantiles[last])])];
    const bounded = graph.node("Where", [starts, graph.number(0), graph.node("Where", [ends, graph.number(1), share])]);
    const placed = normal ? between(graph, normalQuantiles(graph, bounded), -FARTHEST, FARTHEST) : bounded;
    frame.setNumbers([name], graph.node("Where", [graph.node("IsNaN", [value]), value, placed]));
  }
}

/** The share of the training rows below a value: on straight lines between quantiles, the middle of those it equals. */
function shareOf(graph: Graph, value: string, quantiles: readonly number[]): string {
  const count = quantiles.length;
  const shares = Array.from({ length: count }, (_, i) => (count === 1 ? 0 : i / (count - 1)));
  const less = countOf(graph, "Less", quantiles, value);
  const lessOrEqual = countOf(graph, "LessOrEqual", quantiles, value);
  const at = (list: readonly number[], place: string): string => {
    const whole = cast(graph, between(graph, place, 0, count - 1), "int64");
    return graph.node("Gather", [graph.constant({ type: "double", dims: [count], values: list }), whole], { axis: { int: 0 } });
  };
  const minusOne = (place: string): string => graph.node("Sub", [place, graph.number(1)]);
  const low = at(quantiles, minusOne(less));
  const high = at(quantiles, less);
  const below = at(shares, minusOne(less));
  const above = at(shares, less);
  const slope = graph.node("Div", [graph.node("Sub", [above, below]), graph.node("Sub", [high, low])]);
  const line = graph.node("Add", [below, graph.node("Mul", [slope, graph.node("Sub", [value, low])])]);
  const middle = graph.node("Mul", [graph.number(0.5), graph.node("Add", [at(shares, minusOne(lessOrEqual)), above])]);
  return graph.node("Where", [graph.node("Greater", [lessOrEqual, less]), middle, line]);
}

/** `normalQuantile` of shares from 0 to 1, all three of its functions computed and one chosen. */
function normalQuantiles(graph: Graph, share: string): string {
  const offset = graph.node("Sub", [share, graph.number(0.5)]);
  const inner = graph.node("Sub", [graph.number(0.180625), graph.node("Mul", [offset, offset])]);
  const middle = graph.node("Mul", [offset, ratio(graph, CENTRE, inner)]);
  const lower = graph.node("Where", [graph.node("Less", [offset, graph.number(0)]), share, graph.node("Sub", [graph.number(1), share])]);
  const r = graph.node("Sqrt", [graph.node("Neg", [graph.node("Log", [lower])])]);
  const further = ratio(graph, MIDDLE, graph.node("Sub", [r, graph.number(1.6)]));
  const tail = ratio(graph, TAIL, graph.node("Sub", [r, graph.number(5)]));
  // At the very ends r is infinite, and the ratio of infinities NaN.
  const out = graph.node("Where", [graph.node("LessOrEqual", [r, graph.number(5)]), further, graph.node("Where", [graph.node("IsInf", [r]), graph.number(Infinity), tail])]);
  const signed = graph.node("Where", [graph.node("Less", [offset, graph.number(0)]), graph.node("Neg", [out]), out]);
  return graph.node("Where", [graph.node("LessOrEqual", [graph.node("Abs", [offset]), graph.number(0.425)]), middle, signed]);
}

function ratio(graph: Graph, [above, below]: readonly [readonly number[], readonly number[]], x: string): string {
  return graph.node("Div", [polynomialAt(graph, above, x), polynomialAt(graph, below, x)]);
}

/** Coefficients of the highest power last. */
function polynomialAt(graph: Graph, coefficients: readonly number[], x: string): string {
  let value = graph.number(coefficients.at(-1)!);
  for (let i = coefficients.length - 2; i >= 0; i--) value = graph.node("Add", [graph.node("Mul", [value, x]), graph.number(coefficients[i])]);
  return value;
}
