/**
 * LambdaRank: an objective for the order of rows within their group.
 */
import { RunlabError } from "../../errors.js";
import { logistic } from "./class-objectives.js";
import type { Objective, ObjectiveRows } from "./objective.js";

/** Grades above this would gain more than doubles count exactly. */
const MOST_GRADE = 30;

/** What the objective takes. */
export interface LambdaRankParameters {
  /** Pairs are looked at when one of them is among this many best rows. */
  readonly truncationLevel: number;
  /** Weigh pairs by the distance of their scores, and groups by what their pairs add up to. */
  readonly normalise: boolean;
}

/**
 * Pairs of rows of one group whose grades differ push each other apart, the more the larger the change of NDCG if they
 * changed places (Burges, "From RankNet to LambdaRank to LambdaMART", 2010). The derivatives are LightGBM's, with the
 * logistic function computed instead of looked up.
 */
export function lambdaRankObjective({ truncationLevel, normalise }: LambdaRankParameters): Objective {
  const state = new WeakMap<ObjectiveRows, Float64Array>();
  return {
    name: "lambdarank",
    outputs: 1,
    link: "identity",
    shifts: false,
    constantHessian: false,
    loss: "ndcg",
    leafQuantile: null,
    kernel: null,
    check: ({ target, groups }, name) => {
      if (groups === null) throw new RunlabError('objective "lambdarank" orders rows within groups', { received: "no groups", allowed: 'fit(train, { group: "the column that names them" })' });
      checkGrades(target, name);
    },
    initialScores: () => Float64Array.of(0),
    gradients: (rows, scores, gradients, hessians) => {
      let ideal = state.get(rows);
      if (ideal === undefined) state.set(rows, (ideal = idealGains(rows, truncationLevel)));
      const groups = rows.groups!;
      for (let g = 0; g + 1 < groups.length; g++) {
        groupGradients(rows, groups[g], groups[g + 1], ideal[g], truncationLevel, normalise, scores, gradients, hessians);
      }
    },
  };
}

/** @throws RunlabError unless every grade is a whole number from 0 to 30. */
export function checkGrades(target: Float64Array, name: string): void {
  for (let i = 0; i < target.length; i++) {
    if (Number.isInteger(target[i]) && target[i] >= 0 && target[i] <= MOST_GRADE) continue;
    throw new RunlabError(`a ranking learns from grades, whole numbers from 0 to ${MOST_GRADE}; see row ${i} of ${JSON.stringify(name)}`, { received: target[i] });
  }
}

/** What a row of this grade adds at the first place. */
function gradeGain(grade: number): number {
  return (1 << grade) - 1;
}

const DISCOUNTS: number[] = [];

/** What a gain counts at a place, 1 at the first (place 0). */
function discount(place: number): number {
  while (DISCOUNTS.length <= place) DISCOUNTS.push(1 / Math.log2(2 + DISCOUNTS.length));
  return DISCOUNTS[place];
}

/** The discounted gain of the best order of a group, down to `level`. */
function idealGain(target: Float64Array, from: number, to: number, level: number): number {
  const grades = target.slice(from, to).sort();
  let sum = 0;
  for (let place = 0; place < Math.min(level, grades.length); place++) sum += discount(place) * gradeGain(grades[grades.length - 1 - place]);
  return sum;
}

function idealGains({ target, groups }: ObjectiveRows, level: number): Float64Array {
  return Float64Array.from({ length: groups!.length - 1 }, (_, g) => idealGain(target, groups![g], groups![g + 1], level));
}

function groupGradients(
  { target, weights }: ObjectiveRows, from: number, to: number, ideal: number, level: number, normalise: boolean,
  scores: Float32Array, gradients: Float32Array, hessians: Float32Array,
): void {
  const count = to - from;
  const first = new Float64Array(count);
  const second = new Float64Array(count);
  if (ideal > 0 && count > 1) {
    const order = orderByScore(scores, from, to);
    const spread = scores[from + order[0]] !== scores[from + order[count - 1]];
    let sum = 0;
    for (let i = 0; i < count - 1 && i < level; i++) {
      for (let j = i + 1; j < count; j++) {
        const a = from + order[i];
        const b = from + order[j];
        if (target[a] === target[b]) continue;
        const better = target[a] > target[b] ? a : b;
        const worse = better === a ? b : a;
        const distance = scores[better] - scores[worse];
        let change = (gradeGain(target[better]) - gradeGain(target[worse])) * (discount(i) - discount(j)) / ideal;
        if (normalise && spread) change /= 0.01 + Math.abs(distance);
        const wrong = logistic(-distance);
        const push = wrong * change;
        const curve = wrong * (1 - wrong) * change;
        first[better - from] -= push;
        first[worse - from] += push;
        second[better - from] += curve;
        second[worse - from] += curve;
        sum += 2 * push;
      }
    }
    if (normalise && sum > 0) {
      const factor = Math.log2(1 + sum) / sum;
      for (let i = 0; i < count; i++) {
        first[i] *= factor;
        second[i] *= factor;
      }
    }
  }
  for (let i = 0; i < count; i++) {
    const weight = weights === null ? 1 : weights[from + i];
    gradients[from + i] = first[i] * weight;
    hessians[from + i] = second[i] * weight;
  }
}

/** Places of a group's rows from the highest score down, equal ones in the order of rows. */
function orderByScore(scores: ArrayLike<number>, from: number, to: number): Uint32Array {
  const order = new Uint32Array(to - from);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => scores[from + b] - scores[from + a] || a - b);
}
