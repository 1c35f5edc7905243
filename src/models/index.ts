/** Models: learn from a part, predict for a table. One table of them all. */
export { Estimator } from "./estimator.js";
export type { FitOptions, Fitted, ModelDocument } from "./estimator.js";
export { Classifier } from "./classifier.js";
export { Regressor } from "./regressor.js";
export type { FeatureSpec } from "./features.js";
export type { ClassWeight, Weights } from "./weights.js";
export { RandomForestClassifier } from "./random-forest-classifier.js";
export type { RandomForestClassifierOptions } from "./random-forest-classifier.js";
export { RandomForestRegressor } from "./random-forest-regressor.js";
export type { RandomForestRegressorOptions } from "./random-forest-regressor.js";
export type { ForestEngine, MaxFeatures, RandomForestOptions } from "./forest-options.js";
export { DummyClassifier } from "./dummy-classifier.js";
export type { DummyClassifierOptions } from "./dummy-classifier.js";
export { DummyRegressor } from "./dummy-regressor.js";
export type { DummyRegressorOptions } from "./dummy-regressor.js";
export { ESTIMATORS, estimatorByName, fromJSON } from "./table.js";
export type { EstimatorRow } from "./table.js";
