/**
 * CSV bytes cut into fields, without making a text of any.
 *
 * A scanner of our own, so that every mistake in a file is named with its line, a short row or an open quote never
 * swallows what follows, and no text is made of a field before its type is known.
 */
import { RunlabError } from "../errors.js";

/** Where the fields of a file are. Field c of row r is at `r * columns + c`. */
export interface CsvFields {
  bytes: Uint8Array;
  columns: number;
  rows: number;
  starts: Uint32Array;
  ends: Uint32Array;
  /** Per field 1 when it holds doubled quotes, which stand for one. */
  doubled: Uint8Array;
  /** The line, counted from 1, on which each row starts. */
  lines: Uint32Array;
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Cuts UTF-8 bytes into fields: separators, quotes and line ends as in RFC 4180, with line ends of any kind. Empty
 * lines are skipped. The first row decides how many fields every row has.
 *
 * @param limit rows to read at most, the header included.
 *
 * @throws RunlabError naming the line where a row has another number of fields, a quote is not closed or text follows
 * a closing quote.
 */
export function scanCsv(bytes: Uint8Array, delimiter: number, limit = Infinity): CsvFields {
  let capacity = 1 << 12;
  let starts = new Uint32Array(capacity);
  let ends = new Uint32Array(capacity);
  let doubled = new Uint8Array(capacity);
  let lines = new Uint32Array(1 << 8);
  const length = bytes.length;
  let pos = 0;
  let line = 1;
  let rows = 0;
  let columns = 0;
  let field = 0;

  while (pos < length && rows < limit) {
    if (bytes[pos] === LF || bytes[pos] === CR) {
      pos += bytes[pos] === CR && bytes[pos + 1] === LF ? 2 : 1;
      line++;
      continue;
    }
    const rowLine = line;
    const rowStart = field;
    for (;;) {
      if (field === capacity) {
        capacity *= 2;
        starts = grown(starts, new Uint32Array(capacity));
        ends = grown(ends, new Uint32Array(capacity));
        doubled = grown(doubled, new Uint8Array(capacity));
      }
      if (pos < length && bytes[pos] === QUOTE) {
        const opened = line;
        starts[field] = ++pos;
        for (;;) {
          while (pos < length && bytes[pos] !== QUOTE) {
            if (bytes[pos] === LF || (bytes[pos] === CR && bytes[pos + 1] !== LF)) line++;
            pos++;
          }
          if (pos >= length) throw new RunlabError(`line ${opened}: a quote is opened and never closed`, { allowed: 'a closing ", and "" for a quote inside a quoted field' });
          if (bytes[pos + 1] !== QUOTE) break;
          doubled[field] = 1;
          pos += 2;
        }
        ends[field++] = pos++;
        if (pos < length && bytes[pos] !== delimiter && bytes[pos] !== LF && bytes[pos] !== CR) {
          throw new RunlabError(`line ${line}: text follows a closing quote`, { received: textOf(bytes, pos, Math.min(length, pos + 20)), allowed: 'a separator or the end of the line; "" for a quote inside a quoted field' });
        }
      } else {
        starts[field] = pos;
        while (pos < length) {
          const byte = bytes[pos];
          if (byte === delimiter || byte === LF || byte === CR) break;
          pos++;
        }
        ends[field++] = pos;
      }
      if (pos < length && bytes[pos] === delimiter) {
        pos++;
        continue;
      }
      break;
    }
    if (pos < length) {
      pos += bytes[pos] === CR && bytes[pos + 1] === LF ? 2 : 1;
      line++;
    }
    const width = field - rowStart;
    if (rows === 0) columns = width;
    else if (width !== columns) {
      throw new RunlabError(`line ${rowLine}: a row has ${width} field${width === 1 ? "" : "s"} where the first has ${columns}`, { allowed: "the same number of fields on every line; fields that hold the separator in quotes" });
    }
    if (rows === lines.length) lines = grown(lines, new Uint32Array(2 * rows));
    lines[rows++] = rowLine;
  }
  return { bytes, columns, rows, starts, ends, doubled, lines };
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** UTF-8 bytes as text. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** A field as text. */
export function fieldText(fields: CsvFields, at: number): string {
  const text = textOf(fields.bytes, fields.starts[at], fields.ends[at]);
  return fields.doubled[at] === 1 ? text.replaceAll('""', '"') : text;
}

/** The separator of a file: the one of `, ; tab |` that occurs most often in its first line, outside quotes. */
export function findDelimiter(bytes: Uint8Array): number {
  const candidates = [44, 9, 59, 124];
  const counts = [0, 0, 0, 0];
  let inQuotes = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) inQuotes = !inQuotes;
    else if (!inQuotes) {
      if ((byte === LF || byte === CR) && i > 0) break;
      const at = candidates.indexOf(byte);
      if (at >= 0) counts[at]++;
    }
  }
  return candidates[counts.indexOf(Math.max(...counts))];
}
