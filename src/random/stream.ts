/**
 * Streams of random numbers, one for each purpose.
 */
import { createHash } from "node:crypto";
import { RunlabError } from "../errors.js";
import { philox4x32 } from "./philox.js";
import { checkSeed, currentSeed } from "./seed.js";

/** Blocks of four words computed at a time when single numbers are asked for. */
const BUFFERED_BLOCKS = 16;
const WORDS = 4 * BUFFERED_BLOCKS;
const TWO_POW_32 = 0x100000000;
const DOUBLE_UNIT = 1 / 9007199254740992;

/**
 * A stream of random numbers, fixed by its seed and its purpose.
 *
 * The seed is the generator's key; the upper half of its 128-bit counter is a hash of the purpose, the lower half
 * counts. Two purposes under one seed therefore never overlap in fewer than 2^64 blocks, and drawing more in one
 * never moves another. The same seed and purpose give the same numbers on every machine and Node version.
 *
 * Not for secrets: whoever knows the seed knows every number.
 */
export class RandomStream {
  readonly seed: number;
  readonly purpose: string;
  readonly #key0: number;
  readonly #key1: number;
  readonly #purpose0: number;
  readonly #purpose1: number;
  readonly #words = new Uint32Array(WORDS);
  #used = WORDS;
  #block = 0;
  #spareNormal = NaN;

  /** Use `stream(purpose, seed)`. */
  constructor(seed: number, purpose: string) {
    this.seed = checkSeed(seed);
    this.purpose = purpose;
    this.#key0 = seed | 0;
    this.#key1 = Math.floor(seed / TWO_POW_32) | 0;
    const hash = createHash("sha256").update(purpose, "utf8").digest();
    this.#purpose0 = hash.readInt32LE(0);
    this.#purpose1 = hash.readInt32LE(4);
  }

  /** The four 32-bit words that fix the stream: kernels that are given them draw the same numbers by themselves. */
  get key(): readonly [number, number, number, number] {
    return [this.#key0, this.#key1, this.#purpose0, this.#purpose1];
  }

  #refill(): void {
    for (let i = 0; i < BUFFERED_BLOCKS; i++) this.#blockInto(this.#words, 4 * i);
    this.#used = 0;
  }

  #blockInto(out: Uint32Array, at: number): void {
    const block = this.#block++;
    philox4x32(block | 0, Math.floor(block / TWO_POW_32) | 0, this.#purpose0, this.#purpose1, this.#key0, this.#key1, out, at);
  }

  /**
   * A whole number from 0 to 2^32 - 1, all equally likely.
   *
   * @example
   * stream("example", 42).uint32() < 2 ** 32; // true
   */
  uint32(): number {
    if (this.#used === WORDS) this.#refill();
    return this.#words[this.#used++];
  }

  /**
   * A number in [0, 1) with 53 random bits.
   *
   * @example
   * const x = stream("example", 42).next();
   * x >= 0 && x < 1; // true
   */
  next(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) * DOUBLE_UNIT;
  }

  /**
   * A whole number from 0 to n - 1, all exactly equally likely: values that would favour the small ones are drawn again.
   *
   * @param n from 1 to 2^53 - 1.
   *
   * @example
   * stream("example", 42).int(6) + 1; // a die
   */
  int(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new RunlabError("int(n) needs a whole number of choices", { received: n, allowed: "1 to 9007199254740991" });
    if (n <= TWO_POW_32) {
      let word = this.uint32();
      // Only among the last n words may one be drawn again. A remainder of numbers over 2^31 is a slow call, so that
      // it is taken by dividing, which is exact here: a quotient is never nearer to the next whole number than 1 / n.
      if (word >= TWO_POW_32 - n) {
        const limit = TWO_POW_32 - (TWO_POW_32 % n);
        while (word >= limit) word = this.uint32();
      }
      return word - Math.floor(word / n) * n;
    }
    const all = 9007199254740992;
    const limit = all - (all % n);
    let value = this.next() * all;
    while (value >= limit) value = this.next() * all;
    return value % n;
  }

  /**
   * A draw from the normal distribution with mean 0 and standard deviation 1 (Box and Muller 1958).
   *
   * Uses only functions of Math that give the same bits on every supported Node.
   *
   * @example
   * const stream1 = stream("example", 42);
   * 10 + 2 * stream1.normal(); // mean 10, standard deviation 2
   */
  normal(): number {
    if (!Number.isNaN(this.#spareNormal)) {
      const spare = this.#spareNormal;
      this.#spareNormal = NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /**
   * Fills an array with numbers in [0, 1): the same ones that `next` would have given, several times as fast.
   *
   * @example
   * const many = stream("example", 42).fill(new Float64Array(1000));
   * many[0] === stream("example", 42).next(); // true
   */
  fill(out: Float64Array): Float64Array {
    let i = 0;
    while (i < out.length) {
      if (this.#used + 2 <= WORDS) {
        const words = this.#words;
        let used = this.#used;
        for (; used + 2 <= WORDS && i < out.length; used += 2) {
          out[i++] = ((words[used] >>> 5) * 67108864 + (words[used + 1] >>> 6)) * DOUBLE_UNIT;
        }
        this.#used = used;
      } else if (i < out.length) {
        out[i++] = this.next();
      }
    }
    return out;
  }

  /**
   * Puts an array's elements into a random order, in place, every order equally likely (Fisher and Yates).
   *
   * @example
   * stream("example", 42).shuffle([1, 2, 3]).length; // 3
   */
  shuffle<T extends { length: number; [index: number]: any }>(array: T): T {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return array;
  }

  /**
   * `count` different whole numbers from 0 to n - 1, in random order; with `replace`, equal ones may occur.
   *
   * @example
   * stream("example", 42).choice(100, 5).length; // 5
   */
  choice(n: number, count: number, options: { replace?: boolean } = {}): Uint32Array {
    if (!Number.isSafeInteger(count) || count < 0) throw new RunlabError("choice needs a whole number of draws", { received: count, allowed: "0 or more" });
    const drawn = new Uint32Array(count);
    if (options.replace === true) {
      for (let i = 0; i < count; i++) drawn[i] = this.int(n);
      return drawn;
    }
    if (count > n) throw new RunlabError("choice without replacement cannot draw more than there is", { received: count, allowed: `at most ${n}, or { replace: true }` });
    // The front of a Fisher–Yates shuffle; positions that were swapped away are remembered instead of a whole array.
    const moved = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const j = i + this.int(n - i);
      drawn[i] = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
    }
    return drawn;
  }

  /**
   * The stream of a part of this purpose, such as one tree of a forest. Takes nothing from this stream.
   *
   * @example
   * const forest = stream("forest", 42);
   * forest.split("tree 0").next() !== forest.split("tree 1").next(); // true
   */
  split(purpose: string | number): RandomStream {
    return new RandomStream(this.seed, `${this.purpose}/${purpose}`);
  }
}

/**
 * The stream of random numbers for a purpose.
 *
 * @param purpose what the numbers are for; the same seed and purpose always give the same numbers.
 * @param seed default: the seed of the run being recorded, else one drawn once per process.
 *
 * @example
 * const die = stream("die", 42);
 * [die.int(6) + 1, die.int(6) + 1].length; // 2
 */
export function stream(purpose: string, seed: number = currentSeed()): RandomStream {
  return new RandomStream(seed, purpose);
}
