/**
 * Protocol Buffers, as far as an ONNX file needs them: writing only.
 *
 * ONNX needs a dozen message types of numbers, text and bytes. The libraries for it compile a schema into functions while
 * the program runs, or bring thousands of generated lines; these are a few dozen and have nothing to be kept up to date.
 *
 * Source: "Encoding", Protocol Buffers documentation.
 */

/** A message under construction. Fields keep the order in which they are added. */
export class Message {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A whole number from -2^53 to 2^53. */
  int(field: number, value: number): this {
    return this.#push(varint(field * 8)).#push(varint(value));
  }

  float(field: number, value: number): this {
    return this.#push(varint(field * 8 + 5)).#push(new Uint8Array(Float32Array.of(value).buffer));
  }

  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#push(varint(field * 8 + 2)).#push(varint(value.length)).#push(value);
  }

  message(field: number, value: Message): this {
    this.#push(varint(field * 8 + 2)).#push(varint(value.#length));
    for (const part of value.#parts) this.#push(part);
    return this;
  }

  /** Whole numbers, packed. */
  ints(field: number, values: ArrayLike<number>): this {
    const bytes: number[] = [];
    for (let i = 0; i < values.length; i++) appendVarint(bytes, values[i]);
    return this.bytes(field, Uint8Array.from(bytes));
  }

  get length(): number {
    return this.#length;
  }

  /** All bytes of the message. */
  done(): Uint8Array {
    const out = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

const encoder = new TextEncoder();

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  appendVarint(bytes, value);
  return Uint8Array.from(bytes);
}

/** Seven bits a byte, lowest first; a negative number as its 64-bit two's complement. */
function appendVarint(bytes: number[], value: number): void {
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    return;
  }
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
}
