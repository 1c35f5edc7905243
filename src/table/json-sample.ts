/**
 * A short look at a JSON value, for messages: however large or deep it is.
 */
const DEEPEST = 4;
const MOST = 8;
const LONGEST = 60;

/**
 * The start of a value as JSON; what is too deep or too much to show is `…`.
 *
 * `JSON.stringify` would write all of it first, and fail where values are nested some thousands deep.
 *
 * @example
 * jsonSample({ a: [1, [2]] }); // '{"a":[1,[2]]}'
 */
export function jsonSample(value: unknown): string {
  return cut(start(value, 0));
}

function start(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.length > LONGEST ? value.slice(0, LONGEST) : value);
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === DEEPEST) return "…";
  if (Array.isArray(value)) return `[${value.slice(0, MOST).map((each) => start(each, depth + 1)).join(",")}${value.length > MOST ? ",…" : ""}]`;
  const names = Object.keys(value);
  const shown = names.slice(0, MOST).map((name) => `${start(name, depth)}:${start((value as Record<string, unknown>)[name], depth + 1)}`);
  return `{${shown.join(",")}${names.length > MOST ? ",…" : ""}}`;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
