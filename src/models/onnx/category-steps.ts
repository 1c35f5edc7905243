/**
 * Steps over categories as ONNX, and filling in.
 */
import type { StepConversion } from "./conversion.js";
import { cast, filled, oneHotOf } from "./frame.js";

type Level = string | number | boolean | null;

interface FilledColumn {
  readonly name: string;
  readonly kind: "number" | "category";
  readonly value: number | string;
  readonly indicator: boolean;
}

export function impute({ frame, state }: StepConversion): void {
  const columns = state as readonly FilledColumn[];
  const { graph } = frame;
  for (const { name, kind, indicator } of columns) {
    if (!indicator) continue;
    const flag = kind === "category" ? frame.codes(name, [], [], 1, 0) : cast(graph, graph.node("IsNaN", [frame.numbers([name])]), "double");
    frame.setNumbers([`missingindicator_${name}`], flag);
  }
  for (const { name, kind, value } of columns) if (kind === "category") frame.fillCategory(name, value as string);
  const numbers = columns.filter((column) => column.kind === "number");
  const names = numbers.map((column) => column.name);
  if (names.length > 0) frame.setNumbers(names, filled(graph, frame.numbers(names), numbers.map((column) => column.value as number)));
}

interface SpreadColumn {
  readonly name: string;
  readonly levels: readonly Level[];
  readonly rare: readonly Level[];
  readonly dropped: number | null;
}

export function oneHot({ frame, state, params, made }: StepConversion): void {
  const { graph } = frame;
  for (const { name, levels, rare, dropped } of state as readonly SpreadColumn[]) {
    const rareAt = rare.length > 0 ? levels.length : -1;
    const width = levels.length + (rareAt >= 0 ? 1 : 0);
    const unknown = params["unknown"] === "infrequent" ? rareAt : -1;
    const codes = frame.levelCodes(name, [...levels, ...rare], [...levels.keys(), ...rare.map(() => rareAt)], unknown, unknown);
    const kept = Array.from({ length: width }, (_, at) => at).filter((at) => at !== dropped);
    const names = made.filter((column) => column.sources[0] === name).map((column) => column.name);
    let block = oneHotOf(graph, codes, width);
    if (kept.length < width) block = graph.node("Gather", [block, graph.ints(kept)], { axis: { int: 1 } });
    frame.remove(name);
    frame.setNumbers(names, block);
  }
}

export function ordinal({ frame, state, params }: StepConversion): void {
  const number = (value: unknown): number => (typeof value === "number" ? value : NaN);
  for (const { name, levels, rare } of state as readonly SpreadColumn[]) {
    const codes = [...levels.keys(), ...rare.map(() => levels.length)];
    frame.setNumbers([name], frame.levelCodes(name, [...levels, ...rare], codes, number(params["missing"]), number(params["unknown"])));
  }
}

interface TargetState {
  readonly columns: readonly { readonly name: string; readonly levels: readonly Level[]; readonly encodings: readonly (readonly number[])[] }[];
  readonly means: readonly number[];
}

export function targetEncode({ frame, state, made }: StepConversion): void {
  const { columns, means } = state as TargetState;
  for (const { name, levels, encodings } of columns) {
    const tensors = encodings.map((encoding, c) => frame.levelCodes(name, levels, encoding, means[c], means[c]));
    const names = made.filter((column) => column.sources[0] === name).map((column) => column.name);
    frame.remove(name);
    names.forEach((each, c) => frame.setNumbers([each], tensors[c]));
  }
}
