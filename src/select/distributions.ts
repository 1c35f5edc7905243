/**
 * What a random search draws settings from.
 */
import { RunlabError } from "../errors.js";
import type { RandomStream } from "../random/index.js";

/** Where the values of one setting come from. */
export interface Distribution {
  /** As results and messages name it. */
  readonly name: string;
  /** How many different values there are; null when there is no end of them. */
  readonly size: number | null;
  draw(random: RandomStream): unknown;
}

/** That a range is one. */
function checkRange(name: string, low: unknown, high: unknown, above: number): void {
  const fine = typeof low === "number" && typeof high === "number" && low > above && low < high && high < Infinity;
  if (!fine) throw new RunlabError(`draw.${name} needs a range${above === 0 ? " above 0" : ""}, the lower end first`, { received: `${String(low)} and ${String(high)}`, allowed: `such as draw.${name}(${name === "int" ? "10, 200" : "0.001, 1"})` });
}

/** Any number from `low` to below `high`, all equally likely. */
function uniform(low: number, high: number): Distribution {
  checkRange("uniform", low, high, -Infinity);
  return { name: `uniform(${low}, ${high})`, size: null, draw: (random) => low + (high - low) * random.next() };
}

/** Any number from `low` to below `high`, every factor equally likely: for rates and penalties. */
function logUniform(low: number, high: number): Distribution {
  checkRange("logUniform", low, high, 0);
  const from = Math.log(low);
  const to = Math.log(high);
  return { name: `logUniform(${low}, ${high})`, size: null, draw: (random) => Math.min(high, Math.max(low, Math.exp(from + (to - from) * random.next()))) };
}

/** A whole number from `low` to `high`, both included; with `log` every factor equally likely. */
function int(low: number, high: number, options: { log?: boolean } = {}): Distribution {
  checkRange("int", low, high, options.log === true ? 0 : -Infinity);
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) throw new RunlabError("draw.int needs whole numbers", { received: `${low} and ${high}` });
  if (options.log !== true) return { name: `int(${low}, ${high})`, size: high - low + 1, draw: (random) => low + random.int(high - low + 1) };
  const from = Math.log(low - 0.5);
  const to = Math.log(high + 0.5);
  return { name: `int(${low}, ${high}, log)`, size: high - low + 1, draw: (random) => Math.min(high, Math.max(low, Math.round(Math.exp(from + (to - from) * random.next())))) };
}

/** One of some values, all equally likely. */
function choice(values: readonly unknown[]): Distribution {
  if (!Array.isArray(values) || values.length === 0) throw new RunlabError("draw.choice needs values to choose from", { received: Array.isArray(values) ? "none" : typeof values });
  return { name: `choice(${values.map(String).join(", ").slice(0, 80)})`, size: values.length, draw: (random) => values[random.int(values.length)] as unknown };
}

/**
 * Where `randomSearch` draws settings from: `draw.uniform(low, high)`, `draw.logUniform(low, high)`,
 * `draw.int(low, high)` with both ends included, `draw.choice(values)`.
 *
 * @throws RunlabError for a range that is none, or no values.
 *
 * @example
 * const random = stream("example", 42);
 * const rate = draw.logUniform(0.001, 1).draw(random);
 * rate >= 0.001 && rate < 1; // true
 */
export const draw = { uniform, logUniform, int, choice } as const;

/** A list of values is a choice among them. */
export function distributionOf(name: string, given: unknown): Distribution {
  if (Array.isArray(given)) return choice(given);
  if (typeof given === "object" && given !== null && typeof (given as Distribution).draw === "function") return given as Distribution;
  throw new RunlabError(`paramDistributions: ${name} needs values or a distribution`, { received: given, allowed: "a list, draw.uniform, draw.logUniform, draw.int or draw.choice" });
}
