/** Pictures as vega-lite specifications. */
export { confusionMatrixPlot } from "./confusion-matrix-plot.js";
export { residualPlot } from "./residual-plot.js";
export { classBalancePlot } from "./class-balance-plot.js";
export { learningCurvePlot } from "./learning-curve-plot.js";
export type { CurvePoint } from "./learning-curve-plot.js";
export { histogram } from "./histogram.js";
export { featureImportancePlot } from "./feature-importance-plot.js";
export type { FeatureImportance } from "./feature-importance-plot.js";
export type { PlotSpec } from "./spec.js";
