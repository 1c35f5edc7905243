/** onnxruntime, as the tests use it: a table in, outputs by name. */
import type { Table } from "apache-arrow";
import * as ort from "onnxruntime-web";
import { columnKind, columnNames, labelsOf, numbersOf } from "../../../src/table/index.js";

ort.env.wasm.numThreads = 1;

export interface Outputs {
  [name: string]: { dims: readonly number[]; values: (number | string | boolean)[] };
}

/** Runs a model on a table; the inputs it names are fed from the columns, a missing text as the empty one. */
export async function runOnnx(bytes: Uint8Array, table: Table): Promise<Outputs> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds: Record<string, ort.Tensor> = {};
  for (const [i, name] of session.inputNames.entries()) {
    const { type, shape } = session.inputMetadata[i] as { type: "string" | "float64" | "float32" | "int64"; shape: (number | string)[] };
    if (name === "X" && shape[1] !== 1) {
      const names = columnNames(table);
      const columns = names.map((each) => numbersOf(table, each));
      const values = Float64Array.from({ length: table.numRows * names.length }, (_, at) => columns[at % names.length][Math.floor(at / names.length)]);
      feeds[name] = new ort.Tensor(type === "float32" ? "float32" : "float64", (type === "float32" ? Float32Array.from(values) : values) as never, [table.numRows, names.length]);
      continue;
    }
    if (columnKind(table.getChild(name)!.type) === "category") {
      const { codes, levels } = labelsOf(table, name);
      feeds[name] = new ort.Tensor("string", Array.from(codes, (code) => (code < 0 ? "" : String(levels[code]))), [table.numRows, 1]);
    } else {
      const values = numbersOf(table, name);
      const data = type === "float64" ? Float64Array.from(values) : type === "float32" ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
      feeds[name] = new ort.Tensor(type, data as never, [table.numRows, 1]);
    }
  }
  const results = await session.run(feeds);
  const outputs: Outputs = {};
  for (const [name, tensor] of Object.entries(results)) {
    const values = Array.from(tensor.data as ArrayLike<number | bigint | string>, (value) => (typeof value === "bigint" ? Number(value) : tensor.type === "bool" ? Boolean(value) : value));
    outputs[name] = { dims: tensor.dims, values };
  }
  await session.release();
  return outputs;
}
