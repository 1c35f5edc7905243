/** The sums of the linear models, and distances: the same bits in every build of the kernels and at any number of threads. */
import { afterEach, describe, expect, test } from "vitest";
import { useVariant, type Variant } from "../../src/kernels/index.js";
import { KMeans, KNeighborsRegressor, LogisticRegression, PCA, RidgeRegression } from "../../src/models/index.js";
import { stream } from "../../src/random/index.js";
import { categoryVector, tableFromColumns } from "../../src/table/index.js";

afterEach(() => useVariant(null));

/** Numbers, two columns of categories, gaps, and a target of some classes. */
function mixed(rows: number, classes: number) {
  const random = stream("bits", rows);
  const numbers = (): Float64Array => Float64Array.from({ length: rows }, () => random.normal());
  const [a, b, c] = [numbers(), numbers(), numbers()];
  const place = Array.from({ length: rows }, () => (random.next() < 0.05 ? null : `place ${random.int(7)}`));
  const kind = Array.from({ length: rows }, () => `kind ${random.int(3)}`);
  const score = a.map((value, i) => value - b[i] + (kind[i] === "kind 1" ? 1 : 0) + random.normal());
  const label = Array.from(score, (value) => `class ${Math.min(classes - 1, Math.max(0, Math.floor(value + classes / 2)))}`);
  label.splice(0, 2, "class 0", "class 1");
  return tableFromColumns({ a, b, c, place: categoryVector(place), kind, score, label });
}

describe.each([3, 5, 517, 5003])("%i rows", (rows) => {
  const features = ["a", "b", "c", "place", "kind"];
  const fits: Record<string, (nJobs: number) => object> = {
    "two classes": (nJobs) => new LogisticRegression({ nJobs }).fit(mixed(rows, 2), { target: "label", features }),
    "five classes": (nJobs) => new LogisticRegression({ nJobs }).fit(mixed(rows, 5), { target: "label", features }),
    "k-means": (nJobs) => new KMeans({ nJobs, nClusters: 3, seed: 1 }).fit(mixed(rows, 2), { features, weights: new Float64Array(rows).map((_, i) => 1 + (i % 3)) }),
    components: (nJobs) => new PCA({ nJobs }).fit(mixed(rows, 2), { features }),
    neighbours: (nJobs) => {
      const model = new KNeighborsRegressor({ nJobs, algorithm: "kdTree", weights: "distance" }).fit(mixed(rows, 2), { target: "score", features });
      return { state: Array.from(model.predict(mixed(rows, 2)).slice(0, 500)) };
    },
    ridge: (nJobs) => new RidgeRegression({ nJobs }).fit(mixed(rows, 2), { target: "score", features }),
  };
  test.each(Object.keys(fits))("%s", (name) => {
    const texts = (["threads", "simd", "plain"] as Variant[]).flatMap((variant) => [1, 2, 3].map((nJobs) => {
      useVariant(variant);
      return JSON.stringify((JSON.parse(JSON.stringify(fits[name](nJobs))) as { state: unknown }).state);
    }));
    expect(new Set(texts).size).toBe(1);
  });
});
