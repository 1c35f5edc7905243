/**
 * Universal Binary JSON, as far as XGBoost writes it (draft 12): what `save_model("model.ubj")` gives.
 */
import { RunlabError } from "../../errors.js";

/** Deeper nesting than a model has; a file of brackets must not exhaust the stack. */
const MOST_DEPTH = 64;

/**
 * The value in the bytes: objects, arrays (numbers of one type as typed arrays), text, numbers.
 *
 * Counts are checked against the bytes that are left before memory is asked for.
 *
 * @throws RunlabError when the bytes are cut off or are something else.
 *
 * @example
 * parseUbjson(Uint8Array.of(0x5b, 0x69, 7, 0x5d)); // [7]
 */
export function parseUbjson(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(reader.marker(), 0);
  reader.end();
  return value;
}

const SIZES: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 };

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next byte as the letter it is; the no-ops between values are skipped. */
  marker(): string {
    for (;;) {
      const at = this.#take(1);
      if (this.#bytes[at] !== 0x4e) return String.fromCharCode(this.#bytes[at]);
    }
  }

  end(): void {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at] === 0x4e) this.#at++;
    if (this.#at !== this.#bytes.length) throw damaged(`${this.#bytes.length - this.#at} bytes follow its end`);
  }

  value(marker: string, depth: number): unknown {
    if (depth > MOST_DEPTH) throw damaged(`it is nested over ${MOST_DEPTH} deep`);
    switch (marker) {
      case "Z": return null;
      case "T": return true;
      case "F": return false;
      case "C": return String.fromCharCode(this.#bytes[this.#take(1)]);
      case "S": return this.#text(this.#length());
      case "[": return this.#array(depth);
      case "{": return this.#object(depth);
      default: return this.#number(marker);
    }
  }

  #take(count: number): number {
    const at = this.#at;
    if (!(count <= this.#bytes.length - at)) throw damaged("it is cut off");
    this.#at = at + count;
    return at;
  }

  #number(marker: string): number {
    const size = SIZES[marker];
    if (size === undefined) throw damaged("it holds an unknown kind of value", marker);
    const at = this.#take(size);
    switch (marker) {
      case "i": return this.#view.getInt8(at);
      case "U": return this.#bytes[at];
      case "I": return this.#view.getInt16(at);
      case "l": return this.#view.getInt32(at);
      case "L": return Number(this.#view.getBigInt64(at));
      case "d": return this.#view.getFloat32(at);
      default: return this.#view.getFloat64(at);
    }
  }

  #length(): number {
    const marker = this.marker();
    if (!"iUIlL".includes(marker)) throw damaged("a length is no whole number", marker);
    const length = this.#number(marker);
    if (!(length >= 0 && length <= this.#bytes.length)) throw damaged("a length is longer than the file", length);
    return length;
  }

  #text(length: number): string {
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  /** The type and the count that may stand before the members of a container. */
  #head(): { type: string | null; count: number | null } {
    let type: string | null = null;
    if (this.#peek() === "$") {
      this.#take(1);
      type = String.fromCharCode(this.#bytes[this.#take(1)]);
    }
    if (this.#peek() !== "#") {
      if (type !== null) throw damaged("a container of one type has no count");
      return { type, count: null };
    }
    this.#take(1);
    return { type, count: this.#length() };
  }

  #peek(): string {
    return this.#at < this.#bytes.length ? String.fromCharCode(this.#bytes[this.#at]) : "";
  }

  #array(depth: number): unknown {
    const { type, count } = this.#head();
    if (type !== null && type in SIZES) return this.#numbers(type, count!);
    const out: unknown[] = [];
    if (count !== null) {
      // A type without bytes of its own ("all null") could make a few bytes into a long list.
      if (type !== null && "ZTF".includes(type)) throw damaged("a list holds one constant only", type);
      for (let i = 0; i < count; i++) out.push(this.value(type ?? this.marker(), depth + 1));
      return out;
    }
    for (let marker = this.marker(); marker !== "]"; marker = this.marker()) out.push(this.value(marker, depth + 1));
    return out;
  }

  #numbers(type: string, count: number): ArrayLike<number> {
    if (count * SIZES[type] > this.#bytes.length - this.#at) throw damaged("a list is longer than the file", count);
    const out = type === "d" ? new Float32Array(count) : new Float64Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#number(type);
    return out;
  }

  #object(depth: number): Record<string, unknown> {
    const { type, count } = this.#head();
    const out: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (let i = 0; count === null || i < count; i++) {
      if (count === null && this.#peek() === "}") {
        this.#take(1);
        break;
      }
      const name = this.#text(this.#length());
      out[name] = this.value(type ?? this.marker(), depth + 1);
    }
    return out;
  }
}

function damaged(how: string, ...received: unknown[]): RunlabError {
  return new RunlabError(`the XGBoost model is damaged: ${how}`, received.length > 0 ? { received: received[0] } : {});
}
