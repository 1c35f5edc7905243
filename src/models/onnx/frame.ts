/**
 * A table inside an ONNX graph: columns by name, each a part of some tensor.
 *
 * Numbers, booleans and times are doubles, NaN where missing, as everywhere in this library; categories are strings.
 * A string tensor has no missing values, so the empty string stands for one, unless it is a category itself.
 */
import { RunlabError } from "../../errors.js";
import type { Graph, TensorType } from "./graph.js";
import { ML } from "./graph.js";

/** How the graph takes its columns. */
export interface InputOptions {
  /** An input a column, or one matrix "X" of all of them. */
  readonly inputs: "columns" | "matrix";
  /** Type of inputs of numbers. */
  readonly numbers: "double" | "float";
  /** Types of single columns. */
  readonly types: Readonly<Record<string, "double" | "float" | "int64">>;
}

/** Column `at` of a tensor with `width` of them. */
interface NumberColumn {
  readonly kind: "number";
  readonly block: string;
  readonly at: number;
  readonly width: number;
}

interface CategoryColumn {
  readonly kind: "category";
  readonly tensor: string;
  /** The category that a missing value counts as since it was imputed; null when it is still missing. */
  readonly missing: string | null;
}

/** Not asked for yet: an input becomes one of numbers or of strings when a step takes it as such. */
interface UnusedInput {
  readonly kind: "input";
}

export class Frame {
  readonly graph: Graph;
  readonly #columns = new Map<string, NumberColumn | CategoryColumn | UnusedInput>();
  readonly #inputs: readonly string[];
  readonly #options: InputOptions;
  /** Inputs that were asked for: branches of one frame share them. */
  readonly #made: Map<string, NumberColumn | CategoryColumn>;

  constructor(graph: Graph, inputs: readonly string[], options: InputOptions, made = new Map<string, NumberColumn | CategoryColumn>()) {
    this.graph = graph;
    this.#inputs = inputs;
    this.#options = options;
    this.#made = made;
    for (const name of inputs) this.#columns.set(name, { kind: "input" });
  }

  /** Some of the columns, for steps that see no others. */
  branch(names: readonly string[]): Frame {
    const frame = new Frame(this.graph, this.#inputs, this.#options, this.#made);
    frame.#columns.clear();
    for (const name of names) frame.#columns.set(name, this.#find(name));
    return frame;
  }

  /** Takes over all columns of a branch. */
  adopt(branch: Frame): void {
    for (const [name, column] of branch.#columns) this.#columns.set(name, column);
  }

  /** Columns side by side, [rows, names.length], doubles. */
  numbers(names: readonly string[]): string {
    const columns = names.map((name) => this.#number(name));
    const parts: string[] = [];
    for (let from = 0; from < columns.length;) {
      const { block, width } = columns[from];
      let to = from + 1;
      while (to < columns.length && columns[to].block === block) to++;
      const places = columns.slice(from, to).map((column) => column.at);
      const whole = places.length === width && places.every((at, i) => at === i);
      parts.push(whole ? block : this.graph.node("Gather", [block, this.graph.ints(places)], { axis: { int: 1 } }));
      from = to;
    }
    return joined(this.graph, parts);
  }

  /** The columns of a tensor [rows, names.length] take or replace these names. */
  setNumbers(names: readonly string[], block: string): void {
    names.forEach((name, at) => this.#columns.set(name, { kind: "number", block, at, width: names.length }));
  }

  /** Takes a column out. */
  remove(name: string): void {
    this.#columns.delete(name);
  }

  /** From now on a missing value of this column is that category. */
  fillCategory(name: string, category: string): void {
    const column = this.#category(name);
    this.#columns.set(name, { ...column, missing: column.missing ?? category });
  }

  /**
   * A column of categories as numbers, [rows, 1]: `codes[i]` for `levels[i]`.
   *
   * @param missing the number of a missing value. @param unknown that of any other text.
   */
  codes(name: string, levels: readonly string[], codes: ArrayLike<number>, missing: number, unknown: number): string {
    const column = this.#category(name);
    const keys = [...levels];
    const values = Array.from(codes);
    if (!keys.includes("")) {
      const filled = column.missing === null ? -1 : levels.indexOf(column.missing);
      keys.push("");
      values.push(column.missing === null ? missing : filled < 0 ? unknown : values[filled]);
    }
    this.graph.requireMl(4);
    return this.graph.node("LabelEncoder", [column.tensor], {
      keys_tensor: { tensor: { type: "string", dims: [keys.length], values: keys } },
      values_tensor: { tensor: { type: "double", dims: [values.length], values } },
      default_tensor: { tensor: { type: "double", dims: [1], values: [unknown] } },
    }, ML);
  }

  /**
   * A column as numbers by its values, [rows, 1]: `codes[i]` for `levels[i]`, which are texts, or numbers and booleans of a
   * column of those. Null among the levels is a missing value.
   *
   * @param texts whether the column holds texts, where no level tells.
   */
  levelCodes(name: string, levels: readonly (string | number | boolean | null)[], codes: ArrayLike<number>, missing: number, unknown: number, texts = true): string {
    const there = levels.map((level, i) => [level, codes[i]] as const).filter(([level]) => level !== null);
    const absent = levels.indexOf(null);
    const none = absent < 0 ? missing : codes[absent];
    const values = there.map(([, code]) => code);
    if (there.length === 0 ? texts : typeof there[0][0] === "string") return this.codes(name, there.map(([level]) => String(level)), values, none, unknown);
    const column = this.numbers([name]);
    this.graph.requireMl(4);
    const found = there.length === 0 ? this.graph.number(unknown) : this.graph.node("LabelEncoder", [column], {
      keys_tensor: { tensor: { type: "double", dims: [there.length], values: there.map(([level]) => Number(level)) } },
      values_tensor: { tensor: { type: "double", dims: [values.length], values } },
      default_tensor: { tensor: { type: "double", dims: [1], values: [unknown] } },
    }, ML);
    return this.graph.node("Where", [this.graph.node("IsNaN", [column]), this.graph.number(none), found]);
  }

  #number(name: string): NumberColumn {
    const column = this.#find(name);
    if (column.kind === "number") return column;
    if (column.kind === "category") throw mixed(name);
    const made = this.#numberInput(name);
    this.#made.set(name, made);
    this.#columns.set(name, made);
    return made;
  }

  #category(name: string): CategoryColumn {
    const column = this.#find(name);
    if (column.kind === "category") return column;
    if (this.#options.inputs === "matrix" && this.#inputs.includes(name)) throw new RunlabError('inputs "matrix" takes columns of numbers only', { received: `${JSON.stringify(name)} holds categories`, allowed: 'inputs "columns"' });
    if (column.kind === "number") throw mixed(name);
    if (this.#options.types[name] !== undefined) throw new RunlabError(`types: ${JSON.stringify(name)} holds categories, which are strings`, { received: this.#options.types[name] });
    const made: CategoryColumn = { kind: "category", tensor: this.graph.input({ name, type: "string", dims: ["rows", 1] }), missing: null };
    this.#made.set(name, made);
    this.#columns.set(name, made);
    return made;
  }

  #find(name: string): NumberColumn | CategoryColumn | UnusedInput {
    const column = this.#columns.get(name);
    if (column === undefined) throw new RunlabError(`the model asks for a column that no step before it makes`, { received: name });
    return column.kind === "input" ? this.#made.get(name) ?? column : column;
  }

  #numberInput(name: string): NumberColumn {
    const { inputs, numbers, types } = this.#options;
    if (inputs === "matrix") {
      const block = this.#asDouble(this.graph.input({ name: "X", type: numbers, dims: ["rows", this.#inputs.length] }), numbers);
      this.#inputs.forEach((each, at) => this.#made.set(each, { kind: "number", block, at, width: this.#inputs.length }));
      return this.#made.get(name) as NumberColumn;
    }
    const type: TensorType = types[name] ?? numbers;
    return { kind: "number", block: this.#asDouble(this.graph.input({ name, type, dims: ["rows", 1] }), type), at: 0, width: 1 };
  }

  #asDouble(tensor: string, type: TensorType): string {
    return type === "double" ? tensor : cast(this.graph, tensor, "double");
  }
}

/** Tensors side by side. */
export function joined(graph: Graph, parts: readonly string[]): string {
  return parts.length === 1 ? parts[0] : graph.node("Concat", parts, { axis: { int: 1 } });
}

const TYPE_NUMBERS = { double: 11, float: 1, int64: 7, bool: 9 } as const;

/** A tensor as another type. */
export function cast(graph: Graph, tensor: string, to: keyof typeof TYPE_NUMBERS): string {
  return graph.node("Cast", [tensor], { to: { int: TYPE_NUMBERS[to] } });
}

/** Columns of 0 and 1, [rows, count], where a column of codes [rows, 1] has 0 to count - 1; no 1 for any other code. */
export function oneHotOf(graph: Graph, codes: string, count: number): string {
  const levels = graph.row(Float64Array.from({ length: count }, (_, i) => i));
  return cast(graph, graph.node("Equal", [codes, levels]), "double");
}

/** Values with `fill` (one a column) where they are NaN. */
export function filled(graph: Graph, block: string, fill: ArrayLike<number>): string {
  return graph.node("Where", [graph.node("IsNaN", [block]), graph.row(fill), block]);
}

function mixed(name: string): RunlabError {
  return new RunlabError(`column ${JSON.stringify(name)} is used as numbers and as categories, which an ONNX input cannot be`, { allowed: "two columns" });
}
