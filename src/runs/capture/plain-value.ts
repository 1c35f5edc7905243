/** Any value as plain JSON: what goes into config.json and into the fields of a record. */
import { setMember, type ConfigValue } from "../format/index.js";

const DEEPEST = 8;
const LONGEST_TEXT = 10_000;
const LONGEST_LIST = 1_000;

/**
 * The value as JSON can hold it. Numbers that are not finite, functions, dates and the like become text; what is too
 * deep, too long or turns in a circle is cut with a mark that says so.
 */
export function plainValue(value: unknown, depth = 0): ConfigValue {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "string":
      return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT)}… (${value.length} characters)` : value;
    case "boolean":
      return value;
    case "function":
      return `[function ${value.name || "without a name"}]`;
    case "object":
      return value === null ? null : plainObject(value, depth);
    case "undefined":
      return null;
    default:
      return String(value);
  }
}

function plainObject(value: object, depth: number): ConfigValue {
  if (depth >= DEEPEST) return "[deeper than is recorded]";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map) return plainObject(Object.fromEntries([...value].map(([key, item]) => [String(key), item])), depth);
  if (value instanceof Set) return plainValue([...value], depth);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return plainList(Array.from(value as unknown as ArrayLike<unknown>), depth);
  if (Array.isArray(value)) return plainList(value, depth);
  const rows = (value as { numRows?: unknown }).numRows;
  if (typeof rows === "number") return `[table of ${rows} rows]`;
  const plain: Record<string, ConfigValue> = {};
  for (const [key, item] of Object.entries(value).slice(0, LONGEST_LIST)) if (item !== undefined) setMember(plain, key, plainValue(item, depth + 1));
  return plain;
}

function plainList(values: unknown[], depth: number): ConfigValue[] {
  const plain = values.slice(0, LONGEST_LIST).map((item) => plainValue(item, depth + 1));
  if (values.length > LONGEST_LIST) plain.push(`… ${values.length - LONGEST_LIST} more`);
  return plain;
}
