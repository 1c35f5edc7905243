/**
 * The score of a forest on the rows that its trees did not draw.
 */
import { RunlabError } from "../errors.js";

/** @throws RunlabError when the forest was fitted without `oobScore`, or every tree has drawn every row. */
export function oobScoreOf(name: string, params: Readonly<Record<string, unknown>>): number {
  const score = params["outOfBagScore"];
  if (typeof score === "number") return score;
  throw new RunlabError(`${name} has no out-of-bag score`, { allowed: "oobScore: true, and enough trees that each row is left out by one" });
}
