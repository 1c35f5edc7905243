/**
 * Dates and times as ISO 8601 writes them.
 */

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/** Milliseconds since 1970, UTC, and whether the text named a zone; null for anything but a real date of ISO 8601. */
export function parseTime(text: string): { milliseconds: number; zoned: boolean } | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone] = match;
  const utc = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second, Number(`0.${fraction}`) * 1000);
  const date = new Date(utc);
  // Date.UTC carries 31 April over to 1 May, and takes the years 0 to 99 for 1900 to 1999.
  if (date.getUTCFullYear() !== +year || date.getUTCMonth() !== +month - 1 || date.getUTCDate() !== +day) return null;
  if (+hour > 23 || +minute > 59 || +second > 59) return null;
  let offset = 0;
  if (zone !== undefined && zone !== "Z") {
    const plain = zone.slice(1).replace(":", "");
    offset = (+plain.slice(0, 2) * 60 + +(plain.slice(2) || 0)) * 60_000 * (zone[0] === "-" ? -1 : 1);
  }
  return { milliseconds: utc - offset, zoned: zone !== undefined };
}
