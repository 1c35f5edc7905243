/**
 * Options that do not exist are a misunderstanding: `test_size: 0.9` must not silently leave the default in place.
 */
import { RunlabError } from "../errors.js";
import { nearest } from "./nearest.js";

/** Longer names are shown cut off. */
const LONGEST = 60;

/**
 * Refuses options that `owner` does not have.
 *
 * @param known every option of `owner`, as the keys of an object: the compiler then sees that none is forgotten.
 *
 * @throws RunlabError with the nearest name, or all of them when none is near.
 *
 * @example
 * checkOptions("split", { target: "y" }, { target: true, testSize: true }); // fine
 * // { test_size: 0.9 } gives: split: there is no option test_size; did you mean testSize?
 */
export function checkOptions<Options extends object>(owner: string, options: Options, known: { readonly [Name in keyof Required<Options>]: unknown }): void {
  const names = Object.keys(known);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new RunlabError(`${owner} takes its options as an object`, { received: options, allowed: names.length === 0 ? "none" : `{ ${names.join(", ")} }` });
  }
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const shown = /^[\w$]+$/.test(name) && name.length <= LONGEST ? name : JSON.stringify(name.slice(0, LONGEST));
    const [near] = nearest(name, names, 1);
    if (near !== undefined) throw new RunlabError(`${owner}: there is no option ${shown}; did you mean ${near}?`);
    throw new RunlabError(`${owner}: there is no option ${shown}`, { allowed: names.length === 0 ? `${owner} takes no options` : names.join(", ") });
  }
}
