/**
 * What a model leans on.
 */
import { RunlabError } from "../errors.js";
import { plotSpec, shortNumber } from "./spec.js";
import type { PlotSpec } from "./spec.js";

/** The weight of a feature; `spread` is the standard deviation over repeats, when there were some. */
export interface FeatureImportance {
  feature: string;
  importance: number;
  spread?: number;
}

/**
 * The weightiest features as bars, heaviest first.
 *
 * When it misleads: of two features that say the same, one may take the weight of both.
 *
 * @param options.most features shown. Default 20.
 * @param options.measure what the weights are. Default "importance".
 *
 * @throws RunlabError for a weight that is no finite number.
 *
 * @example
 * featureImportancePlot([{ feature: "mass", importance: 0.7 }, { feature: "sex", importance: 0.3 }]).title; // "Feature importance"
 */
export function featureImportancePlot(importances: readonly FeatureImportance[], options: { most?: number; measure?: string } = {}): PlotSpec {
  const { most = 20, measure = "importance" } = options;
  if (!Array.isArray(importances)) throw new RunlabError("featureImportancePlot takes a list of features with their importance", { received: importances, allowed: 'such as [{ feature: "mass", importance: 0.7 }]' });
  const wrong = (importances as readonly FeatureImportance[]).find((each) => !Number.isFinite(each.importance));
  if (wrong !== undefined) throw new RunlabError(`the importance of ${JSON.stringify(wrong.feature)} is no finite number`, { received: wrong.importance });
  const shown = [...importances].sort((a, b) => Math.abs(b.importance) - Math.abs(a.importance)).slice(0, most);
  const withSpread = shown.some((each) => each.spread !== undefined);
  const values = shown.map(({ feature, importance, spread = 0 }) => ({ feature, importance, ...(withSpread ? { low: importance - spread, high: importance + spread } : {}) }));
  const order = shown.map((each) => each.feature);
  const y = { field: "feature", type: "nominal", title: null, sort: order };
  const best = shown[0];
  return plotSpec("Feature importance", best === undefined ? "No features." : `${shown.length} of ${importances.length} features by ${measure}; the first is ${best.feature} with ${shortNumber(best.importance)}.`, {
    data: { values },
    width: 320,
    height: { step: 18 },
    layer: [
      {
        mark: { type: "bar" },
        encoding: { y, x: { field: "importance", type: "quantitative", title: measure }, tooltip: [{ field: "feature", type: "nominal" }, { field: "importance", type: "quantitative" }] },
      },
      ...(withSpread ? [{ mark: { type: "rule" }, encoding: { y, x: { field: "low", type: "quantitative", title: measure }, x2: { field: "high" } } }] : []),
    ],
  });
}
