/** LightGBM's and XGBoost's own predictions, to one unit in the last place: see test/reference/foreign.py. */
import { describe, expect, test } from "vitest";
import { ForeignClassifier, fromJSON, readLightGBM, readXGBoost } from "../../../src/models/index.js";
import { cases, compared, dataOf, modelPath } from "./foreign-data.js";

const read = (file: string, categories?: Record<string, string[]>) => (file.startsWith("lgb") ? readLightGBM(modelPath(file)) : readXGBoost(modelPath(file), { categories }));

/** What the original calls a prediction: of two classes the second one's probability. */
function predicted(model: Awaited<ReturnType<typeof read>>, table: Parameters<typeof model.predict>[0]): Float64Array {
  if (!(model instanceof ForeignClassifier)) return model.predict(table) as Float64Array;
  const { values } = model.predictProba(table);
  return model.model.outputs > 1 ? values : values.filter((_, i) => i % 2 === 1);
}

describe.each(cases.map((each) => [each.name, each] as const))("%s", (_, { file, data, categories, raw, predicted: expected }) => {
  test("scores and predictions are the original's, within one unit in the last place", async () => {
    const table = await dataOf(data);
    const model = await read(file, categories);
    const scores = model.predictRaw(table);
    expect(Array.from(scores.subarray(0, 6)).map((value, i) => Math.abs(value - raw.first[i]) < 1e-5 * (1 + Math.abs(value)))).toEqual(raw.first.map(() => true));
    expect(compared(scores, raw)).toMatchObject({ same: true });
    expect(compared(scores, raw).off).toBeLessThanOrEqual(1);
    if (expected !== null) {
      const ours = compared(predicted(model, table), expected);
      expect(ours).toMatchObject({ same: true });
      expect(ours.off).toBeLessThanOrEqual(1);
    }
    expect(model.featureImportances.map(({ importance }) => importance).every((share) => share >= 0 && share <= 1)).toBe(true);
    const loaded = fromJSON<typeof model>(JSON.parse(JSON.stringify(model)));
    expect(Buffer.from(loaded.predictRaw(table).buffer).equals(Buffer.from(scores.buffer))).toBe(true);
  });
});
