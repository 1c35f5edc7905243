/**
 * Bins as JSON data.
 */
import { RunlabError } from "../../errors.js";
import { packArray, unpackArray } from "../typed-json.js";
import type { FeatureBins } from "./bins.js";

export function binsToJson(bins: FeatureBins): unknown {
  return bins.kind === "number"
    ? { kind: "number", edges: packArray(bins.edges) }
    : { kind: "category", binOfCode: packArray(bins.binOfCode), count: bins.count };
}

/** @throws RunlabError when the data is no bins. */
export function binsFromJson(json: unknown): FeatureBins {
  const data = (json ?? {}) as { kind?: unknown; edges?: unknown; binOfCode?: unknown; count?: unknown };
  if (data.kind === "number") {
    const edges = unpackArray(data.edges, "float64", "the bins of a feature");
    for (let i = 0; i < edges.length; i++) {
      if (Number.isNaN(edges[i]) || (i > 0 && !(edges[i] > edges[i - 1]))) throw new RunlabError("the model file is damaged: the bins of a feature are out of order");
    }
    if (edges.length <= 254) return { kind: "number", edges };
  }
  if (data.kind === "category" && typeof data.count === "number" && data.count >= 1 && data.count <= 255) {
    return { kind: "category", binOfCode: unpackArray(data.binOfCode, "uint8", "the bins of a feature"), count: data.count };
  }
  throw new RunlabError("the model file is damaged: a feature has no bins");
}
