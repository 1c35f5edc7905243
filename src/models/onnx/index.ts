/** Models and pipelines as ONNX files. */
export { toOnnx, writeOnnx } from "./to-onnx.js";
export type { OnnxOptions, OnnxSource } from "./to-onnx.js";
