/**
 * Columns gathered under names of which each is given once.
 */
import type { Table, Vector } from "apache-arrow";
import { tableFromVectors } from "../table/index.js";

/** Columns of a table in the making; a name that is taken gets `_feature` after it. */
export class NamedVectors {
  readonly #named = new Map<string, Vector>();

  add(name: string, vector: Vector): void {
    let unique = name;
    while (this.#named.has(unique)) unique += "_feature";
    this.#named.set(unique, vector);
  }

  table(): Table {
    return tableFromVectors([...this.#named.keys()], [...this.#named.values()]);
  }
}
