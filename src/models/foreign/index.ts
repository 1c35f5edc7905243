/** Models of other libraries, read from their files. */
export { readLightGBM } from "./read-lightgbm.js";
export { readXGBoost } from "./read-xgboost.js";
export type { ReadXGBoostOptions } from "./read-xgboost.js";
export type { ForeignOptions } from "./foreign-estimator.js";
export { ForeignClassifier } from "./foreign-classifier.js";
export { ForeignRegressor } from "./foreign-regressor.js";
export { FOREIGN_ESTIMATORS } from "./table.js";
