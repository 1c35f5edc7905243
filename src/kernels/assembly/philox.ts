// The random numbers of src/random (Philox4x32-10 of Salmon et al. 2011), word for word, for kernels that draw by
// themselves: a kernel given the four key words of a stream draws what the stream in TypeScript draws.

const BLOCKS: i32 = 16;
const WORDS: i32 = 4 * BLOCKS;

let words: usize = 0;
let used: i32 = WORDS;
let block: u64 = 0;
let key0: u32 = 0;
let key1: u32 = 0;
let purpose0: u32 = 0;
let purpose1: u32 = 0;

/** Bytes that `seedStream` needs for numbers drawn ahead. */
export const STREAM_BYTES: i32 = 4 * WORDS;

/** Starts the stream whose four words are at `key`; `room` is where numbers drawn ahead are kept. */
export function seedStream(key: usize, room: usize): void {
  key0 = load<u32>(key);
  key1 = load<u32>(key, 4);
  purpose0 = load<u32>(key, 8);
  purpose1 = load<u32>(key, 12);
  words = room;
  used = WORDS;
  block = 0;
}

function refill(): void {
  for (let i = 0; i < BLOCKS; i++) {
    let c0 = <u32>block;
    let c1 = <u32>(block >> 32);
    let c2 = purpose0;
    let c3 = purpose1;
    let k0 = key0;
    let k1 = key1;
    block++;
    for (let round = 0; round < 10; round++) {
      const product0 = <u64>0xd2511f53 * <u64>c0;
      const product1 = <u64>0xcd9e8d57 * <u64>c2;
      c0 = <u32>(product1 >> 32) ^ c1 ^ k0;
      c1 = <u32>product1;
      c2 = <u32>(product0 >> 32) ^ c3 ^ k1;
      c3 = <u32>product0;
      k0 += 0x9e3779b9;
      k1 += 0xbb67ae85;
    }
    const at = words + ((<usize>i) << 4);
    store<u32>(at, c0);
    store<u32>(at, c1, 4);
    store<u32>(at, c2, 8);
    store<u32>(at, c3, 12);
  }
  used = 0;
}

/** A whole number from 0 to 2^32 - 1. */
// @ts-ignore: decorator
@inline
export function nextWord(): u32 {
  if (used == WORDS) refill();
  return load<u32>(words + ((<usize>(used++)) << 2));
}

/** The least word that `drawBelow` refuses, so that all numbers below n are equally likely. */
// @ts-ignore: decorator
@inline
export function drawLimit(n: u32): u64 {
  return 0x100000000 - (0x100000000 % <u64>n);
}

/** A whole number from 0 to n - 1; `limit` is `drawLimit(n)`. */
// @ts-ignore: decorator
@inline
export function drawBelow(n: u32, limit: u64): u32 {
  let word = nextWord();
  while (<u64>word >= limit) word = nextWord();
  return word % n;
}
