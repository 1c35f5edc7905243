/**
 * Checks of data read from a file: what a step is said to have learned.
 */

/** A check of one value. */
export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === "string";
export const isYesOrNo: Check = (value) => typeof value === "boolean";
/** A finite number: JSON has no others. */
export const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
export const isNull: Check = (value) => value === null;
/** A category as JSON keeps it. */
export const isLevel: Check = (value) => typeof value === "string" || typeof value === "boolean" || isNumber(value) || value === null;

/** One of several shapes. */
export function either(...checks: readonly Check[]): Check {
  return (value) => checks.some((check) => check(value));
}

/** A list of values of one shape. */
export function listOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every((each) => check(each));
}

/** An object with at least those fields. */
export function record(fields: Readonly<Record<string, Check>>): Check {
  return (value) => typeof value === "object" && value !== null && !Array.isArray(value)
    && Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
}
