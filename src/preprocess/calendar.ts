/**
 * Dates from milliseconds since 1970, by whole-number arithmetic: no Date object a row.
 */

const DAY = 86_400_000;

/** A part of a date or time, in UTC. */
export type DatePart = "year" | "quarter" | "month" | "day" | "dayOfYear" | "weekday" | "hour" | "minute" | "second";

/** Parts of a date, and those that only a time of day has. */
export const DATE_PARTS: readonly DatePart[] = ["year", "quarter", "month", "day", "dayOfYear", "weekday"];
export const TIME_PARTS: readonly DatePart[] = ["hour", "minute", "second"];

/** After how many steps a part starts again, and its first value; parts that do not start again are not here. */
export const CYCLES: Readonly<Partial<Record<DatePart, { period: number; first: number }>>> = {
  quarter: { period: 4, first: 1 },
  month: { period: 12, first: 1 },
  day: { period: 31, first: 1 },
  dayOfYear: { period: 366, first: 1 },
  weekday: { period: 7, first: 0 },
  hour: { period: 24, first: 0 },
  minute: { period: 60, first: 0 },
  second: { period: 60, first: 0 },
};

/**
 * One part of each time; NaN where the time is missing.
 *
 * Years count as in ISO 8601, months and days from 1, weekdays from Monday as 0.
 *
 * @example
 * datePart(Float64Array.of(Date.UTC(2026, 0, 5, 13)), "weekday"); // Float64Array [0]
 */
export function datePart(milliseconds: Float64Array, part: DatePart): Float64Array {
  const out = new Float64Array(milliseconds.length);
  const within = WITHIN_DAY[part];
  if (within !== undefined) {
    const [unit, period] = within;
    for (let i = 0; i < out.length; i++) {
      const units = Math.floor(milliseconds[i] / unit);
      out[i] = units - period * Math.floor(units / period);
    }
    return out;
  }
  const ofDay = OF_DAY[part]!;
  const [first, last] = daysBetween(milliseconds);
  if (last - first >= MOST_DAYS) {
    for (let i = 0; i < out.length; i++) out[i] = milliseconds[i] === milliseconds[i] ? ofDay(Math.floor(milliseconds[i] / DAY)) : NaN;
    return out;
  }
  // A table has far fewer days than rows: each is worked out once.
  const known = new Float64Array(Math.max(0, last - first + 1)).fill(-1);
  for (let i = 0; i < out.length; i++) {
    const day = Math.floor(milliseconds[i] / DAY) - first;
    if (day !== day) {
      out[i] = NaN;
      continue;
    }
    if (known[day] === -1) known[day] = ofDay(day + first);
    out[i] = known[day];
  }
  return out;
}

/** Days that are worked out once each: 700 years of them. */
const MOST_DAYS = 262_144;

function daysBetween(milliseconds: Float64Array): [number, number] {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < milliseconds.length; i++) {
    if (milliseconds[i] < least) least = milliseconds[i];
    if (milliseconds[i] > greatest) greatest = milliseconds[i];
  }
  return [Math.floor(least / DAY), Math.floor(greatest / DAY)];
}

const WITHIN_DAY: Partial<Record<DatePart, readonly [unit: number, period: number]>> = { hour: [3_600_000, 24], minute: [60_000, 60], second: [1000, 60] };

const OF_DAY: Partial<Record<DatePart, (day: number) => number>> = {
  year: (day) => civil(day)[0],
  quarter: (day) => Math.floor((civil(day)[1] + 2) / 3),
  month: (day) => civil(day)[1],
  day: (day) => civil(day)[2],
  // 1970-01-01 was a Thursday.
  weekday: (day) => day + 3 - 7 * Math.floor((day + 3) / 7),
  dayOfYear: (day) => {
    const [year, month, dayOfMonth] = civil(day);
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    return DAYS_BEFORE[month - 1] + (leap && month > 2 ? 1 : 0) + dayOfMonth;
  },
};

const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar without end: years of 400 that start
 * in March, so that the leap day comes last.
 */
function civil(daysSince1970: number): [number, number, number] {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1];
}
