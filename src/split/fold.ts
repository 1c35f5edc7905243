/**
 * One round of a cross-validation, and all of them in a row.
 */
import { RunlabError } from "../errors.js";
import type { Part } from "./part.js";

/** Row numbers of one round, each list ascending: rows to learn from and rows to be judged on. */
export interface Fold {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/** One round as parts; their `rows` are numbers in the table that was split first. */
export interface FoldParts {
  readonly train: Part;
  readonly test: Part;
}

/**
 * The rounds of a cross-validation, each made when it is asked for, so that only one is held in memory at a time.
 *
 * Guarantee: asking twice gives the same round.
 *
 * @example
 * const rounds = new KFold({ nSplits: 2 }).split(tableFromColumns({ x: [1, 2, 3] }));
 * rounds.length; // 2
 * rounds.at(0).test; // [0, 1]
 * for (const { train, test } of rounds) console.log(train, test);
 */
export class FoldList<Round = Fold> implements Iterable<Round> {
  /** How many rounds there are. */
  readonly length: number;
  readonly #make: (index: number) => Round;

  constructor(length: number, make: (index: number) => Round) {
    this.length = length;
    this.#make = make;
  }

  /**
   * Round number `index`, counted from 0.
   *
   * @throws RunlabError when there is no such round.
   */
  at(index: number): Round {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) throw new RunlabError("there is no such fold", { received: index, allowed: `0 to ${this.length - 1}` });
    return this.#make(index);
  }

  /** The rounds changed by `change`, each when it is asked for. */
  map<Other>(change: (round: Round, index: number) => Other): FoldList<Other> {
    return new FoldList(this.length, (index) => change(this.#make(index), index));
  }

  *[Symbol.iterator](): Iterator<Round> {
    for (let i = 0; i < this.length; i++) yield this.#make(i);
  }
}

/** Rounds from the number of the fold that each row is tested in. */
export function foldsFromPlaces(splitter: string, places: ArrayLike<number>, folds: number): FoldList {
  const sizes = new Uint32Array(folds);
  for (let i = 0; i < places.length; i++) sizes[places[i]]++;
  const empty = sizes.indexOf(0);
  if (empty >= 0) throw new RunlabError(`${splitter} leaves a fold without rows`, { received: `sizes ${sizes.join(", ")}`, allowed: "fewer folds" });
  return new FoldList(folds, (fold) => {
    const test = new Uint32Array(sizes[fold]);
    const train = new Uint32Array(places.length - sizes[fold]);
    for (let i = 0, inTest = 0, inTrain = 0; i < places.length; i++) {
      if (places[i] === fold) test[inTest++] = i;
      else train[inTrain++] = i;
    }
    return { train, test };
  });
}
