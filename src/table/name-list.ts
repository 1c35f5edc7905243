/**
 * Lists of names that options take: a text in their place would be taken for the list of its letters.
 */
import { RunlabError } from "../errors.js";

/**
 * The value, when it is a list.
 *
 * @param what the option or argument, which the message starts with.
 *
 * @throws RunlabError with the list that was probably meant.
 *
 * @example
 * asNameList(["island"], "columns"); // ["island"]
 * // "island" gives: columns is a list of names; received "island"; allowed: ["island"]
 */
export function asNameList(value: readonly string[], what: string): readonly string[] {
  if (Array.isArray(value)) return value;
  throw new RunlabError(`${what} is a list of names`, { received: value, allowed: typeof value === "string" ? JSON.stringify([value]) : 'such as ["island", "sex"]' });
}
