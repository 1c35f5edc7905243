/**
 * The history of a run, one point a line: `crc32 json\n`, the checksum as eight hexadecimal digits over the UTF-8 of the JSON.
 *
 * A writer that is killed leaves at most one torn line at the end. A reader therefore stops at the first line that is
 * not whole and says so; what stands before it is certain.
 */
import { crc32 } from "./crc32.js";
import { setMember } from "./meta.js";
import type { HistoryPoint } from "./types.js";

const encoder = new TextEncoder();

/**
 * One point as a line of `metrics/history.jsonl`, line end included. A loss that diverged is worth seeing, and JSON has
 * no NaN: values that are not finite are written as text ("NaN", "Infinity", "-Infinity") and read back as numbers.
 */
export function historyLine(point: HistoryPoint): string {
  const json = JSON.stringify(point, (_key, value: unknown) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value));
  return `${crc32(encoder.encode(json)).toString(16).padStart(8, "0")} ${json}\n`;
}

/**
 * Reads `metrics/history.jsonl`.
 *
 * @returns the points up to the first line that is torn, damaged or out of order, and one line about it (null when all is well).
 */
export function parseHistory(text: string): { points: HistoryPoint[]; problem: string | null } {
  const points: HistoryPoint[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    if (end < 0) return { points, problem: `metrics/history.jsonl: line ${points.length + 1} is cut off; the ${points.length} points before it are kept` };
    const point = parseLine(text.slice(at, end), points.length);
    if (typeof point === "string") {
      return { points, problem: `metrics/history.jsonl: line ${points.length + 1} ${point}; the ${points.length} points before it are kept` };
    }
    points.push(point);
    at = end + 1;
  }
  return { points, problem: null };
}

/** The point, or what is wrong with the line. */
function parseLine(line: string, expected: number): HistoryPoint | string {
  const json = line.slice(9);
  if (line[8] !== " " || crc32(encoder.encode(json)).toString(16).padStart(8, "0") !== line.slice(0, 8)) return "does not match its checksum";
  let point: unknown;
  try {
    point = JSON.parse(json);
  } catch {
    return "is not JSON";
  }
  if (!restoreNumbers(point)) return "is not a point of a history";
  if (point.i !== expected) return `should be point ${expected} and is point ${point.i}`;
  return point;
}

const NOT_FINITE: Record<string, number> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY };

/** Whether it is a point; numbers that were written as text are numbers afterwards. */
function restoreNumbers(value: unknown): value is HistoryPoint {
  if (value === null || typeof value !== "object") return false;
  const { i, step, t, values } = value as Partial<HistoryPoint>;
  if (typeof i !== "number" || typeof step !== "number" || typeof t !== "number") return false;
  if (values === null || typeof values !== "object" || Array.isArray(values)) return false;
  for (const name of Object.keys(values)) {
    const given: unknown = values[name];
    if (typeof given === "number") continue;
    if (typeof given !== "string" || !Object.hasOwn(NOT_FINITE, given)) return false;
    setMember(values, name, NOT_FINITE[given]);
  }
  return true;
}
