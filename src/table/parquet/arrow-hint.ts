/**
 * The Arrow schema that most writers leave in a Parquet file: it alone knows which columns are categories.
 *
 * Only what decides how a column is read is taken out of it, by a walk in which every step is checked: the general
 * reader of flatbuffers can be sent round in circles by a changed byte.
 */

/** What the schema says of one column. */
export type ArrowHint =
  | { kind: "same" }
  | { kind: "category" }
  | { kind: "timestamp"; unit: number; zone: string | null }
  | { kind: "other" };

/** Arrow's numbers of types, in its flatbuffers. */
const INT = 2;
const FLOATING_POINT = 3;
const BINARY = 4;
const UTF8 = 5;
const BOOL = 6;
const DATE = 8;
const TIME = 9;
const TIMESTAMP = 10;
const LARGE_BINARY = 19;
const LARGE_UTF8 = 20;
const UTF8_VIEW = 24;

/** The hints by column name; none when there is no schema, or none that can be read. */
export function arrowHints(encoded: string | undefined): Map<string, ArrowHint> {
  const hints = new Map<string, ArrowHint>();
  if (encoded === undefined) return hints;
  try {
    const bytes = Buffer.from(encoded, "base64");
    const walk = new Flatbuffer(bytes);
    const start = bytes.readUInt32LE(0) === 0xffffffff ? 8 : 4;
    const message = walk.root(start);
    const schema = walk.table(message, 2);
    if (schema === 0) return hints;
    for (const field of walk.tables(schema, 1)) hints.set(walk.text(field, 0), hintOf(walk, field));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    hints.clear();
  }
  return hints;
}

function hintOf(walk: Flatbuffer, field: number): ArrowHint {
  const type = walk.byte(field, 2);
  if (walk.table(field, 4) !== 0) return type === UTF8 || type === LARGE_UTF8 ? { kind: "category" } : { kind: "other" };
  if (type === TIMESTAMP) {
    const table = walk.table(field, 3);
    const zone = walk.text(table, 1);
    return { kind: "timestamp", unit: walk.short(table, 0), zone: zone === "" ? null : zone };
  }
  // Days since 1970 are what Parquet stores too; milliseconds are not.
  if (type === DATE) return walk.short(walk.table(field, 3), 0, 1) === 0 ? { kind: "same" } : { kind: "other" };
  if (type === FLOATING_POINT) return walk.short(walk.table(field, 3), 0) === 0 ? { kind: "other" } : { kind: "same" };
  return [INT, BINARY, UTF8, BOOL, TIME, LARGE_BINARY, LARGE_UTF8, UTF8_VIEW].includes(type) ? { kind: "same" } : { kind: "other" };
}

/** Steps through a flatbuffer; reading outside of it is a RangeError. */
class Flatbuffer {
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  root(at: number): number {
    return at + this.#bytes.readUInt32LE(at);
  }

  /** Where a field of a table is; 0 when it has none. */
  #field(table: number, index: number): number {
    const vtable = table - this.#bytes.readInt32LE(table);
    if (vtable < 0) throw new RangeError("outside");
    const slot = 4 + 2 * index;
    if (slot + 2 > this.#bytes.readUInt16LE(vtable)) return 0;
    const offset = this.#bytes.readUInt16LE(vtable + slot);
    return offset === 0 ? 0 : table + offset;
  }

  table(table: number, index: number): number {
    const at = this.#field(table, index);
    return at === 0 ? 0 : at + this.#bytes.readUInt32LE(at);
  }

  tables(table: number, index: number): number[] {
    const vector = this.table(table, index);
    if (vector === 0) return [];
    const count = this.#bytes.readUInt32LE(vector);
    if (count > this.#bytes.length / 4) throw new RangeError("outside");
    return Array.from({ length: count }, (_, i) => {
      const at = vector + 4 + 4 * i;
      return at + this.#bytes.readUInt32LE(at);
    });
  }

  text(table: number, index: number): string {
    const at = table === 0 ? 0 : this.table(table, index);
    if (at === 0) return "";
    const length = this.#bytes.readUInt32LE(at);
    if (at + 4 + length > this.#bytes.length) throw new RangeError("outside");
    return this.#bytes.toString("utf8", at + 4, at + 4 + length);
  }

  byte(table: number, index: number): number {
    const at = this.#field(table, index);
    return at === 0 ? 0 : this.#bytes.readUInt8(at);
  }

  short(table: number, index: number, byDefault = 0): number {
    const at = table === 0 ? 0 : this.#field(table, index);
    return at === 0 ? byDefault : this.#bytes.readInt16LE(at);
  }
}
