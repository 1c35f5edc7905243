/**
 * Rules about features, from their names to their places.
 */
import { RunlabError } from "../../errors.js";
import { nearest } from "../../table/nearest.js";
import type { FeatureSpec } from "../features.js";

/**
 * Per feature 1, -1 or 0; null when no feature has a rule.
 *
 * @throws RunlabError for a name that is no feature, a rule that is none, and a feature of categories.
 */
export function monotoneByPlace(given: unknown, features: readonly FeatureSpec[]): Int8Array | null {
  if (given === null) return null;
  if (typeof given !== "object" || Array.isArray(given)) throw new RunlabError("monotoneConstraints gives features a direction by their names", { received: given, allowed: "such as { distance: 1, age: -1 }" });
  const directions = new Int8Array(features.length);
  for (const [name, direction] of Object.entries(given)) {
    const at = placeOf(name, features, "monotoneConstraints");
    if (direction !== 1 && direction !== -1 && direction !== 0) throw new RunlabError(`the direction of ${JSON.stringify(name)} is not one of the known ones`, { received: direction, allowed: "1 (rising), -1 (falling) or 0" });
    if (direction !== 0 && features[at].kind === "category") throw new RunlabError(`categories have no order to follow: ${JSON.stringify(name)} cannot be in monotoneConstraints`);
    directions[at] = direction;
  }
  return directions.some((direction) => direction !== 0) ? directions : null;
}

/**
 * Groups of features by place; null for no rule.
 *
 * @throws RunlabError for a name that is no feature, and for groups without features.
 */
export function interactionsByPlace(given: unknown, features: readonly FeatureSpec[]): number[][] | null {
  if (given === null) return null;
  if (!Array.isArray(given) || given.length === 0 || !given.every((group) => Array.isArray(group) && group.length > 0)) {
    throw new RunlabError("interactionConstraints lists groups of features by their names", { received: given, allowed: 'such as [["month", "hour"], ["distance"]]' });
  }
  return given.map((group: string[]) => [...new Set(group)].map((name) => placeOf(name, features, "interactionConstraints")).sort((a, b) => a - b));
}

function placeOf(name: string, features: readonly FeatureSpec[], option: string): number {
  const at = features.findIndex((feature) => feature.name === name);
  if (at >= 0) return at;
  const names = features.map((feature) => feature.name);
  const near = nearest(String(name), names, 1);
  throw new RunlabError(`${option} names a feature that the model is not fitted on`, { received: name, allowed: near.length > 0 ? `did you mean ${near[0]}?` : names.slice(0, 12).join(", ") });
}
