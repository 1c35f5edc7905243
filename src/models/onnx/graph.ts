/**
 * An ONNX graph under construction: nodes, constants, inputs and outputs, and the file they make.
 *
 * Source: onnx.proto of ONNX (IR version 9).
 */
import { RunlabError } from "../../errors.js";
import { Message } from "./protobuf.js";

/** Types of tensors, by their number in ONNX. */
export const TYPES = { float: 1, uint8: 2, int64: 7, string: 8, bool: 9, double: 11 } as const;
export type TensorType = keyof typeof TYPES;

/** A constant. Numbers of type "int64" are whole numbers below 2^53. */
export interface TensorValue {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly values: ArrayLike<number> | readonly string[];
}

/** What a node is told besides its inputs. */
export type Attribute = { readonly int: number } | { readonly text: string } | { readonly ints: ArrayLike<number> } | { readonly texts: readonly string[] } | { readonly tensor: TensorValue };

/** What describes an input or an output; a dimension that is not known has a name. */
export interface TensorShape {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly (number | string)[];
}

/** The domain of classical models. */
export const ML = "ai.onnx.ml";

/** The version of ONNX's own operators; runtimes know it since 2022. */
const MAIN_OPSET = 18;
/** The version of `ai.onnx.ml` where nothing asks for a later one. */
const ML_OPSET = 4;
const IR_VERSION = 9;
/** A protobuf file holds less than 2^31 bytes. */
const MOST_BYTES = 2 ** 31 - 1;

/** Collects a graph; every method that adds something returns the name of the tensor it makes. */
export class Graph {
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: TensorShape[] = [];
  readonly #outputs: TensorShape[] = [];
  readonly #names = new Set<string>();
  #ml = ML_OPSET;

  /** A tensor that is given from outside. */
  input(shape: TensorShape): string {
    this.#names.add(shape.name);
    this.#inputs.push(shape);
    return shape.name;
  }

  /** Gives a tensor out under a name. */
  output(tensor: string, shape: TensorShape): void {
    if (this.#names.has(shape.name)) throw new RunlabError("an input of the ONNX model has the name of an output", { received: shape.name, allowed: "another name for that column" });
    this.#names.add(shape.name);
    this.#nodes.push(nodeMessage("Identity", [tensor], [shape.name], {}, ""));
    this.#outputs.push(shape);
  }

  constant(value: TensorValue): string {
    const name = this.#fresh("constant");
    this.#constants.push(tensorMessage(value, name));
    return name;
  }

  /** A row of doubles, for all rows of a table. */
  row(values: ArrayLike<number>): string {
    return this.constant({ type: "double", dims: [1, values.length], values });
  }

  /** A double. */
  number(value: number): string {
    return this.constant({ type: "double", dims: [], values: [value] });
  }

  /** Whole numbers, for shapes and places. */
  ints(values: ArrayLike<number>): string {
    return this.constant({ type: "int64", dims: [values.length], values });
  }

  /** A node with one result. */
  node(type: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, domain = ""): string {
    return this.nodes(type, inputs, 1, attributes, domain)[0];
  }

  /** A node with several results. */
  nodes(type: string, inputs: readonly string[], results: number, attributes: Readonly<Record<string, Attribute>> = {}, domain = ""): string[] {
    const outputs = Array.from({ length: results }, () => this.#fresh(type));
    this.#nodes.push(nodeMessage(type, inputs, outputs, attributes, domain));
    return outputs;
  }

  /** Asks for at least this version of the operators of `ai.onnx.ml`. */
  requireMl(version: number): void {
    this.#ml = Math.max(this.#ml, version);
  }

  /** The file. */
  done(name: string, producer: { readonly name: string; readonly version: string; readonly about: string }): Uint8Array {
    const graph = new Message();
    for (const node of this.#nodes) graph.message(1, node);
    graph.text(2, name);
    for (const constant of this.#constants) graph.message(5, constant);
    for (const input of this.#inputs) graph.message(11, shapeMessage(input));
    for (const output of this.#outputs) graph.message(12, shapeMessage(output));
    const model = new Message().int(1, IR_VERSION).text(2, producer.name).text(3, producer.version).text(6, producer.about).message(7, graph)
      .message(8, new Message().text(1, "").int(2, MAIN_OPSET))
      .message(8, new Message().text(1, ML).int(2, this.#ml));
    if (model.length > MOST_BYTES) throw new RunlabError("the model is too large for an ONNX file", { received: `${model.length} bytes`, allowed: `up to ${MOST_BYTES}` });
    return model.done();
  }

  #fresh(kind: string): string {
    // Columns may have any name: those made here must be none of them.
    for (let i = this.#names.size; ; i++) {
      const name = `${kind}.${i}`;
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      return name;
    }
  }
}

function nodeMessage(type: string, inputs: readonly string[], outputs: readonly string[], attributes: Readonly<Record<string, Attribute>>, domain: string): Message {
  const node = new Message();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  node.text(4, type);
  for (const [name, value] of Object.entries(attributes)) node.message(5, attributeMessage(name, value));
  return domain === "" ? node : node.text(7, domain);
}

function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if ("int" in value) return message.int(3, value.int).int(20, 2);
  if ("text" in value) return message.text(4, value.text).int(20, 3);
  if ("tensor" in value) return message.message(5, tensorMessage(value.tensor, name)).int(20, 4);
  if ("ints" in value) return message.ints(8, value.ints).int(20, 7);
  for (const text of value.texts) message.text(9, text);
  return message.int(20, 8);
}

function tensorMessage({ type, dims, values }: TensorValue, name: string): Message {
  const message = new Message();
  if (dims.length > 0) message.ints(1, dims);
  message.int(2, TYPES[type]);
  if (type === "string") for (const text of values as readonly string[]) message.text(6, text);
  message.text(8, name);
  return type === "string" ? message : message.bytes(9, rawBytes(type, values as ArrayLike<number>));
}

/** Little-endian, one value after another. */
function rawBytes(type: Exclude<TensorType, "string">, values: ArrayLike<number>): Uint8Array {
  switch (type) {
    case "uint8":
    case "bool":
      return Uint8Array.from(values);
    case "int64":
      return new Uint8Array(BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i])).buffer);
    case "float":
      return new Uint8Array(Float32Array.from(values).buffer);
    default:
      return new Uint8Array(Float64Array.from(values).buffer);
  }
}

function shapeMessage({ name, type, dims }: TensorShape): Message {
  const shape = new Message();
  for (const dim of dims) shape.message(1, typeof dim === "number" ? new Message().int(1, dim) : new Message().text(2, dim));
  return new Message().text(1, name).message(2, new Message().message(1, new Message().int(1, TYPES[type]).message(2, shape)));
}
