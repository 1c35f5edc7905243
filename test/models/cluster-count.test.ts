import { describe, expect, test } from "vitest";
import { elbow, silhouetteByClusters } from "../../src/models/index.js";
import { type ObservedEvent, observe } from "../../src/observe/index.js";
import { stream } from "../../src/random/index.js";
import { tableFromColumns } from "../../src/table/index.js";

const random = stream("blobs", 4);
const blobs = tableFromColumns({
  x: Float64Array.from({ length: 300 }, (_, i) => 10 * (i % 3) + random.normal()),
  y: Float64Array.from({ length: 300 }, (_, i) => 10 * ((i % 3) % 2) + random.normal()),
});

describe("how many clusters", () => {
  test("the elbow falls and bends, the silhouette is greatest, at the clusters there are", () => {
    const bends = elbow(blobs, { clusters: [1, 2, 3, 4, 5], nInit: 5, seed: 1 });
    const values = bends.points.map((point) => point.value);
    expect(values.every((value, i) => i === 0 || value < values[i - 1])).toBe(true);
    expect((values[1] - values[2]) / (values[2] - values[3])).toBeGreaterThan(10);
    const { points, plot } = silhouetteByClusters(blobs, { clusters: [2, 3, 4, 5], nInit: 5, seed: 1 });
    expect(points.toSorted((a, b) => b.value - a.value)[0].nClusters).toBe(3);
    expect(plot["title"]).toBe("silhouette by clusters");
    expect((plot["data"] as { values: unknown[] }).values).toHaveLength(4);
  });

  test("by default 1 to 10 and 2 to 10, of few rows fewer; what is tried is no fit of its own in a run", () => {
    const events: ObservedEvent[] = [];
    const stop = observe((event) => events.push(event));
    expect(elbow(blobs, { seed: 1 }).points.map((point) => point.nClusters)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(silhouetteByClusters(tableFromColumns({ x: [1, 2, 8, 9] }), { seed: 1 }).points.map((point) => point.nClusters)).toEqual([2, 3]);
    stop();
    expect(events.filter((event) => event.type === "fit" || event.type === "metric")).toEqual([]);
  });

  test("bad input is one clear line", () => {
    expect(() => elbow(blobs, { clusters: [0] })).toThrow("elbow: clusters is a list of whole numbers from 1");
    expect(() => silhouetteByClusters(blobs, { clusters: [1] })).toThrow("silhouetteByClusters: clusters is a list of whole numbers from 2");
    expect(() => elbow(blobs, { nClusters: 3 } as never)).toThrow("elbow: there is no option nClusters; did you mean clusters?");
    expect(() => elbow(blobs, { features: "x" as never })).toThrow('features is a list of names; received "x"');
  });
});
