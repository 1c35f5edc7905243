/**
 * runlab: core ML primitives and reproducible runs. Every public name is listed here, one room a block.
 */
export { RunlabError } from "./errors.js";

// random
export { stream, RandomStream, setSeed, currentSeed } from "./random/index.js";

// table
export { readTable, readReport, writeTable, tablePreview, tableFromColumns, categoryVector, columnNames, columnKind, numbersOf, labelsOf, matrixOf, missingIn, dropMissing, head, select, filter, sort, derive, aggregate, join, concat, describe, profile, Profile, takeRows } from "./table/index.js";
export type { ReadOptions, WriteOptions, TablePreview, ColumnReport, ColumnType, ColumnKind, ColumnValues, Labels, NumberMatrix, Where, Condition, Bounds, Row, SortKey, Derived, Aggregate, JoinOptions, ColumnProfile } from "./table/index.js";

// split
export { split, partOf, asPart, isPart, FoldList, Splitter, KFold, StratifiedKFold, GroupKFold, StratifiedGroupKFold, TimeSeriesSplit, RepeatedKFold, RepeatedStratifiedKFold, SPLITTERS, asSplitter } from "./split/index.js";
export type { CrossValidation, Fold, FoldParts, GroupKFoldOptions, KFoldOptions, Part, PartOptions, RepeatedKFoldOptions, RepeatedStratifiedKFoldOptions, Split, SplitOptions, SplitWithValidation, SplitterRow, StratifiedGroupKFoldOptions, StratifiedKFoldOptions, Task, TimeSeriesSplitOptions } from "./split/index.js";

// preprocess
export { columnTransformer, impute, oneHot, ordinal, targetEncode, scale, robustScale, minMaxScale, maxAbsScale, quantileTransform, powerTransform, datetimeParts, polynomial, discretise, pipeline, defaultSteps, pipelineFromJSON, transformerFromJSON, Pipeline, ColumnTransformer, SimpleImputer, OneHotEncoder, OrdinalEncoder, TargetEncoder, StandardScaler, RobustScaler, MinMaxScaler, MaxAbsScaler, QuantileTransformer, PowerTransformer, DatetimeParts, PolynomialFeatures, KBinsDiscretizer, Transformer, TRANSFORMERS } from "./preprocess/index.js";
export type { ColumnBranch, ColumnKindName, ColumnSelector, ColumnTransformerOptions, DatePart, DatetimePartsOptions, DiscretiseOptions, ImputeOptions, MadeColumn, MaxAbsScaleOptions, MinMaxScaleOptions, OneHotOptions, OrdinalOptions, PipelineFitOptions, PolynomialOptions, PowerTransformOptions, QuantileTransformOptions, RareOptions, RobustScaleOptions, ScaleOptions, SelectableColumn, TargetEncodeOptions, TransformerRow, PipelineJSON, PipelineModel, TransformerJSON } from "./preprocess/index.js";

// metrics
export { accuracy, adjustedRand, averagePrecision, balancedAccuracy, brier, calinskiHarabasz, classCounts, confusionMatrix, daviesBouldin, explainedVariance, f1, fBeta, hinge, kappa, logLoss, mae, mape, maxError, mcc, meanGammaDeviance, meanPoissonDeviance, meanTweedieDeviance, medianAe, mse, ndcg, normalizedMutualInformation, pinball, prAuc, precision, precisionRecallCurve, r2, recall, rmse, rmsle, rmspe, rocAuc, rocCurve, silhouette, silhouetteSamples, topKAccuracy } from "./metrics/index.js";
export { METRICS, defaultMetrics, lossMetric, metricByName, scorer } from "./metrics/index.js";
export type { Average, AverageOptions, BalancedAccuracyOptions, ClassCount, ConfusionMatrix, ConfusionMatrixOptions, CurveOptions, Disagreement, FBetaOptions, KappaOptions, Label, LabelOptions, Metric, MetricTask, MetricValue, MutualInformationOptions, NdcgOptions, PinballOptions, Points, PrecisionCurveOptions, PrecisionRecallCurve, Probabilities, RawRows, RocAucOptions, RocCurve, ScoreOptions, Scorer, SilhouetteOptions, TopKOptions, TweedieOptions, Values, WeightOption } from "./metrics/index.js";

// plots
export { confusionMatrixPlot, residualPlot, classBalancePlot, learningCurvePlot, histogram, featureImportancePlot } from "./plots/index.js";
export type { CurvePoint, FeatureImportance, PlotSpec } from "./plots/index.js";

// models
export { GradientBoostingClassifier, GradientBoostingRanker, GradientBoostingRegressor } from "./models/index.js";
export type { BoostingFitOptions, BoostingKind, BoostingPredictOptions, ClassificationObjective, CustomMetric, CustomObjective, Derivatives, EvaluationMetric, GradientBoostingClassifierOptions, GradientBoostingOptions, GradientBoostingRankerOptions, GradientBoostingRegressorOptions, Growth, LearningCurvePoint, LearningCurves, LinkName, RankerFitOptions, RegressionObjective, Validation } from "./models/index.js";
export { ExtraTreesClassifier, ExtraTreesRegressor, DecisionTreeClassifier, DecisionTreeRegressor, IsolationForest } from "./models/index.js";
export type { DecisionTreeClassifierOptions, DecisionTreeOptions, DecisionTreeRegressorOptions, ExtraTreesClassifierOptions, ExtraTreesRegressorOptions, ForestOptions, IsolationForestOptions, TreeCut, TreeNode } from "./models/index.js";
export { RandomForestClassifier, RandomForestRegressor, LinearRegression, Lasso, ElasticNet, KNeighborsClassifier, KNeighborsRegressor, GaussianNB, MultinomialNB, BernoulliNB, CategoricalNB, KMeans, elbow, silhouetteByClusters, PCA, LogisticRegression, RidgeRegression, DummyClassifier, DummyRegressor, Model, Estimator, Classifier, Regressor, Unsupervised, ESTIMATORS, estimatorByName, fromJSON } from "./models/index.js";
export type { ClassWeight, DummyClassifierOptions, DummyRegressorOptions, EstimatorRow, ElasticNetOptions, FeatureSpec, FitOptions, Fitted, ForestEngine, BernoulliNBOptions, CategoricalNBOptions, ClusterCount, ClusterCountOptions, ClusterCounts, GaussianNBOptions, KMeansOptions, KNeighborsClassifierOptions, KNeighborsRegressorOptions, MultinomialNBOptions, LassoOptions, PCAOptions, LinearRegressionOptions, LogisticRegressionOptions, MaxFeatures, ModelDocument, ModelTask, Preprocess, RandomForestClassifierOptions, RandomForestOptions, RandomForestRegressorOptions, RidgeRegressionOptions, UnsupervisedFitOptions, Weights } from "./models/index.js";

// models of other libraries
export { ForeignClassifier, ForeignRegressor, readLightGBM, readXGBoost } from "./models/index.js";
export type { ForeignOptions, ReadXGBoostOptions } from "./models/index.js";
export { toOnnx, writeOnnx } from "./models/index.js";
export type { OnnxOptions, OnnxSource } from "./models/index.js";

// select
export { CrossValidationResult, CurveResult, SearchResult, crossValPredict, crossValidate, draw, gridSearch, learningCurve, randomSearch, validationCurve } from "./select/index.js";
export type { Candidate, CrossValPredictOptions, CrossValidateOptions, CrossValidationData, CurveData, CurvePlace, CustomScorer, Distribution, FoldOptions, FoldResult, FoldSummary, GridSearchOptions, LearningCurveOptions, MetricChoice, ParamGrid, Params, RandomSearchOptions, SearchData, SearchOptions, Selectable, ValidationCurveOptions } from "./select/index.js";

// evaluate
export { evaluate, Evaluation } from "./evaluate/index.js";
export type { Evaluable, EvaluateOptions, EvaluationData, InputSchema } from "./evaluate/index.js";

// runs
export { log, run } from "./runs/capture/index.js";
