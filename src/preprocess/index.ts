/** Steps before a model: each learns from the training rows alone. */
export { impute, SimpleImputer } from "./impute.js";
export type { ImputeOptions, ImputeStrategy } from "./impute.js";
export { oneHot, OneHotEncoder } from "./one-hot.js";
export type { OneHotOptions } from "./one-hot.js";
export { scale, StandardScaler } from "./scale.js";
export type { ScaleOptions } from "./scale.js";
export { defaultSteps } from "./default-steps.js";
export { pipeline, pipelineFromJSON, Pipeline } from "./pipeline.js";
export type { PipelineJSON, PipelineModel } from "./pipeline.js";
export { TRANSFORMERS, transformerFromJSON } from "./table.js";
export { Transformer } from "./transformer.js";
export type { TransformerJSON } from "./transformer.js";
