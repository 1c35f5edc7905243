/**
 * How a model got better, round after round.
 */
import { announce, observed } from "../../observe/index.js";
import { learningCurvePlot } from "../../plots/index.js";
import type { Judge } from "./judge.js";

/** A metric after a round, counted from 1. */
export interface CurvePoint {
  readonly step: number;
  readonly value: number;
}

/** By the name of the rows ("train", "validation", …), then of the metric. */
export type LearningCurves = Readonly<Record<string, Readonly<Record<string, readonly CurvePoint[]>>>>;

/** Points of the training curve, and points of each curve that a run's history keeps. */
const MOST_TRAINING_POINTS = 50;
const MOST_LOGGED_POINTS = 200;

/** Collects the points of a fit and announces them as they come. */
export class CurveRecorder {
  readonly #judges: readonly Judge[];
  readonly #curves = new Map<string, CurvePoint[][]>();
  readonly #begun: number;
  readonly #trainStride: number;
  readonly #logStride: number;
  #fresh: Record<string, number> = {};

  /** @param begun rounds of the model that this fit goes on from. */
  constructor(judges: readonly Judge[], sets: readonly string[], begun: number, rounds: number) {
    this.#judges = judges;
    this.#begun = begun;
    this.#trainStride = Math.ceil(rounds / MOST_TRAINING_POINTS);
    this.#logStride = Math.ceil(rounds / MOST_LOGGED_POINTS);
    for (const set of sets) this.#curves.set(set, judges.map(() => []));
  }

  /** Whether the training rows are judged after this round. */
  wants(round: number, last: boolean): boolean {
    return last || round === 1 || round % this.#trainStride === 0;
  }

  add(set: string, judge: number, round: number, value: number): void {
    this.#curves.get(set)![judge].push({ step: round + this.#begun, value });
    this.#fresh[`${set}_${this.#judges[judge].name}`] = value;
  }

  /** Gives the points of a round to the run that is being recorded, if there is one. */
  announce(round: number, last: boolean): void {
    if (observed() && (last || round === 1 || round % this.#logStride === 0) && Object.keys(this.#fresh).length > 0) {
      announce({ type: "log", values: this.#fresh, step: round + this.#begun });
    }
    this.#fresh = {};
  }

  /** All curves; a run gets a plot of the first metric. */
  finish(): LearningCurves {
    const [main] = this.#judges;
    const sets = [...this.#curves].filter(([, curves]) => curves[0].length > 0);
    if (observed() && sets.some(([, curves]) => curves[0].length > 1)) {
      const series = Object.fromEntries(sets.map(([name, curves]) => [name, curves[0]]));
      announce({ type: "plot", name: "training_curve", spec: { ...learningCurvePlot(series, { step: "round", value: main.name }) } });
    }
    return Object.fromEntries(sets.map(([name, curves]) => [name, Object.fromEntries(this.#judges.map((judge, m) => [judge.name, curves[m]]))]));
  }
}
