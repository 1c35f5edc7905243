/**
 * An adaptive binary range coder: yes-and-no answers in about as many bits as they are surprising.
 *
 * Whole-number arithmetic alone, so the bytes are the same on every machine and every Node: a general compressor of the
 * platform promises that less than it is smaller. The coder is the one of LZMA (I. Pavlov); G. N. N. Martin 1979.
 */

/** Chances are whole numbers below 2^11: of a "no". */
const CHANCE_BITS = 11;
/** The chance of an answer of which nothing is known. */
export const EVEN = 1 << (CHANCE_BITS - 1);
const CHANCES = 1 << CHANCE_BITS;
/** How fast a chance follows the answers: by a part in 32 of the difference. */
const INERTIA = 5;
const TOP = 0x1000000;
const TWO_POW_32 = 0x100000000;

/** Chances that adapt, one for each situation an answer can be given in. */
export function evenChances(situations: number): Uint16Array {
  return new Uint16Array(situations).fill(EVEN);
}

/** Writes answers. */
export class RangeEncoder {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #low = 0;
  #range = 0xffffffff;
  #held = 0;
  #holding = 1;

  bit(chances: Uint16Array, at: number, bit: number): void {
    const chance = chances[at];
    const bound = (this.#range >>> CHANCE_BITS) * chance;
    if (bit === 0) {
      this.#range = bound;
      chances[at] = chance + ((CHANCES - chance) >> INERTIA);
    } else {
      this.#low += bound;
      this.#range -= bound;
      chances[at] = chance - (chance >> INERTIA);
    }
    while (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#shift();
    }
  }

  /** The bytes written; nothing may be written after. */
  end(): Uint8Array {
    for (let i = 0; i < 5; i++) this.#shift();
    // The first byte is always 0.
    return this.#bytes.slice(1, this.#length);
  }

  /** A byte leaves when no carry can reach it any more. */
  #shift(): void {
    if (this.#low < 0xff000000 || this.#low >= TWO_POW_32) {
      const carry = this.#low >= TWO_POW_32 ? 1 : 0;
      let byte = this.#held;
      for (; this.#holding > 0; this.#holding--) {
        this.#put((byte + carry) & 255);
        byte = 255;
      }
      this.#held = (this.#low >>> 24) & 255;
    }
    this.#holding++;
    this.#low = ((this.#low & 0xffffff) << 8) >>> 0;
  }

  #put(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Reads answers. Past the end it reads zeros; `spent` tells. */
export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(chances: Uint16Array, at: number): number {
    const chance = chances[at];
    const bound = (this.#range >>> CHANCE_BITS) * chance;
    let bit: number;
    if (this.#code < bound) {
      this.#range = bound;
      chances[at] = chance + ((CHANCES - chance) >> INERTIA);
      bit = 0;
    } else {
      this.#code -= bound;
      this.#range -= bound;
      chances[at] = chance - (chance >> INERTIA);
      bit = 1;
    }
    while (this.#range < TOP) {
      this.#range = (this.#range << 8) >>> 0;
      this.#code = ((this.#code << 8) | this.#next()) >>> 0;
    }
    return bit;
  }

  /** True once more was read than there was: the data is damaged. */
  get spent(): boolean {
    return this.#at > this.#bytes.length + 4;
  }

  #next(): number {
    const byte = this.#at < this.#bytes.length ? this.#bytes[this.#at] : 0;
    this.#at++;
    return byte;
  }
}
