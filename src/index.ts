/**
 * runlab: core ML primitives and reproducible runs. Every public name is listed here, one room a block.
 */
export { RunlabError } from "./errors.js";

// random
export { stream, RandomStream, setSeed, currentSeed } from "./random/index.js";

// table
export { readTable, readReport, writeTable, tablePreview, tableFromColumns, categoryVector, columnNames, columnKind, numbersOf, labelsOf, matrixOf, missingIn, dropMissing, head, select, takeRows } from "./table/index.js";
export type { ReadOptions, TablePreview, ColumnReport, ColumnType, ColumnKind, ColumnValues, Labels, NumberMatrix } from "./table/index.js";

// split
export { split, partOf, asPart, isPart, FoldList, Splitter, KFold, StratifiedKFold, GroupKFold, StratifiedGroupKFold, TimeSeriesSplit, RepeatedKFold, RepeatedStratifiedKFold, SPLITTERS, asSplitter } from "./split/index.js";
export type { CrossValidation, Fold, FoldParts, GroupKFoldOptions, KFoldOptions, Part, PartOptions, RepeatedKFoldOptions, RepeatedStratifiedKFoldOptions, Split, SplitOptions, SplitWithValidation, SplitterRow, StratifiedGroupKFoldOptions, StratifiedKFoldOptions, Task, TimeSeriesSplitOptions } from "./split/index.js";

// preprocess
export { impute, oneHot, scale, pipeline, defaultSteps, pipelineFromJSON, transformerFromJSON, Pipeline, SimpleImputer, OneHotEncoder, StandardScaler, Transformer, TRANSFORMERS } from "./preprocess/index.js";
export type { ImputeOptions, OneHotOptions, ScaleOptions, PipelineJSON, PipelineModel, TransformerJSON } from "./preprocess/index.js";

// metrics
export { accuracy, f1, precision, recall, rocAuc, logLoss, mae, mse, rmse, r2, confusionMatrix, classCounts, METRICS, metricByName } from "./metrics/index.js";
export type { Average, AverageOptions, ClassCount, ConfusionMatrix, Label, Metric, MetricValue, Probabilities, RocAucOptions, ScoreOptions, Values } from "./metrics/index.js";

// plots
export { confusionMatrixPlot, residualPlot, classBalancePlot, learningCurvePlot, histogram, featureImportancePlot } from "./plots/index.js";
export type { CurvePoint, FeatureImportance, PlotSpec } from "./plots/index.js";

// models
export { RandomForestClassifier, RandomForestRegressor, LogisticRegression, RidgeRegression, DummyClassifier, DummyRegressor, Model, Estimator, Classifier, Regressor, Unsupervised, ESTIMATORS, estimatorByName, fromJSON } from "./models/index.js";
export type { ClassWeight, DummyClassifierOptions, DummyRegressorOptions, EstimatorRow, FeatureSpec, FitOptions, Fitted, ForestEngine, LogisticRegressionOptions, MaxFeatures, ModelDocument, ModelTask, Preprocess, RandomForestClassifierOptions, RandomForestOptions, RandomForestRegressorOptions, RidgeRegressionOptions, UnsupervisedFitOptions, Weights } from "./models/index.js";

// models of other libraries
export { ForeignClassifier, ForeignRegressor, readLightGBM, readXGBoost } from "./models/index.js";
export type { ForeignOptions, ReadXGBoostOptions } from "./models/index.js";

// evaluate
export { evaluate, Evaluation } from "./evaluate/index.js";
export type { Evaluable, EvaluateOptions, EvaluationData, InputSchema } from "./evaluate/index.js";

// runs
export { log, run } from "./runs/capture/index.js";
