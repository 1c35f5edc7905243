import { stream } from "runlab";
import { expect, test } from "vitest";
import { boostBins } from "../../../src/models/trees/boost-bins.js";
import { GROWER_DEFAULTS } from "../../../src/models/trees/grower.js";
import { openReferenceGrower } from "../../../src/models/trees/grower-reference.js";

test("boosting by the reference grower learns a step and a curve", () => {
  const rows = 500;
  const random = stream("grower", 1);
  const a = random.fill(new Float64Array(rows));
  const b = random.fill(new Float64Array(rows));
  const target = a.map((value, i) => (value > 0.5 ? 2 : 0) + b[i] * b[i]);
  const bins = boostBins([{ kind: "number", values: a }, { kind: "number", values: b }], rows);
  for (const growth of ["leafwise", "depthwise", "symmetric"] as const) {
    const grower = openReferenceGrower(bins, { ...GROWER_DEFAULTS, growth, maxDepth: 4, minChildSamples: 5 });
    grower.setTarget(target, null);
    for (let t = 0; t < 30; t++) {
      grower.fillGradients("squared", 0);
      const tree = grower.grow({ output: 0, rows: null, random });
      grower.addToScores(tree, 0, 0.3);
    }
    const error = Math.sqrt(target.reduce((sum, value, i) => sum + (value - grower.scores[i]) ** 2, 0) / rows);
    expect(error, growth).toBeLessThan(0.1);
    grower.close();
  }
});
