/**
 * The table of estimators that can be written as ONNX: each row of `models/table.ts` has its converter here, or the reason
 * why there is none. A test compares the two tables.
 */
import type { ModelConverter } from "./conversion.js";
import { bernoulliNB, categoricalNB, gaussianNB, multinomialNB } from "./bayes-converters.js";
import { dummyClassifier, dummyRegressor } from "./dummy-converters.js";
import { linearRegression, logisticRegression } from "./linear-converters.js";
import { boostingClassifier, boostingRanker, boostingRegressor, foreignClassifier, foreignRegressor, forestClassifier, forestRegressor } from "./tree-converters.js";
import { nearestClassifier, nearestRegressor } from "./neighbour-converters.js";
import { isolationForest, kMeans, pca } from "./unsupervised-converters.js";

/** A converter, or the reason why there is none. */
export const MODEL_CONVERTERS: Readonly<Record<string, ModelConverter | { readonly reason: string }>> = {
  RandomForestClassifier: forestClassifier,
  RandomForestRegressor: forestRegressor,
  ExtraTreesClassifier: forestClassifier,
  ExtraTreesRegressor: forestRegressor,
  DecisionTreeClassifier: forestClassifier,
  DecisionTreeRegressor: forestRegressor,
  GradientBoostingClassifier: boostingClassifier,
  GradientBoostingRegressor: boostingRegressor,
  GradientBoostingRanker: boostingRanker,
  LogisticRegression: logisticRegression,
  LinearRegression: linearRegression,
  Lasso: linearRegression,
  ElasticNet: linearRegression,
  RidgeRegression: linearRegression,
  DummyClassifier: dummyClassifier,
  DummyRegressor: dummyRegressor,
  KNeighborsClassifier: nearestClassifier,
  KNeighborsRegressor: nearestRegressor,
  GaussianNB: gaussianNB,
  BernoulliNB: bernoulliNB,
  CategoricalNB: categoricalNB,
  MultinomialNB: multinomialNB,
  IsolationForest: isolationForest,
  KMeans: kMeans,
  PCA: pca,
  ForeignClassifier: foreignClassifier,
  ForeignRegressor: foreignRegressor,
};
