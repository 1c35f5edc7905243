/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011): block number `counter` of the stream `key` is a pure function of the two, so any draw can be
 * computed alone, in any order, on any worker.
 *
 * Checked against the known-answer vectors that Random123 publishes (`test/random`).
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

const M0_HIGH = MULTIPLIER_0 >>> 16;
const M0_LOW = MULTIPLIER_0 & 0xffff;
const M1_HIGH = MULTIPLIER_1 >>> 16;
const M1_LOW = MULTIPLIER_1 & 0xffff;

/**
 * Writes the four 32-bit words of one block into `out` from `at` on.
 *
 * The high half of each 32 x 32 bit product is put together from 16-bit halves with integer arithmetic only: no
 * BigInt, which is slow, and no float product over 2^53, which would be rounded.
 */
export function philox4x32(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array, at = 0): void {
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);

    const c0Low = c0 & 0xffff;
    const c0High = c0 >>> 16;
    const middle0 = Math.imul(c0High, M0_LOW) + (Math.imul(c0Low, M0_LOW) >>> 16) | 0;
    const cross0 = Math.imul(c0Low, M0_HIGH) + (middle0 & 0xffff) | 0;
    const high0 = Math.imul(c0High, M0_HIGH) + (middle0 >>> 16) + (cross0 >>> 16) | 0;

    const c2Low = c2 & 0xffff;
    const c2High = c2 >>> 16;
    const middle1 = Math.imul(c2High, M1_LOW) + (Math.imul(c2Low, M1_LOW) >>> 16) | 0;
    const cross1 = Math.imul(c2Low, M1_HIGH) + (middle1 & 0xffff) | 0;
    const high1 = Math.imul(c2High, M1_HIGH) + (middle1 >>> 16) + (cross1 >>> 16) | 0;

    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = k0 + WEYL_0 | 0;
    k1 = k1 + WEYL_1 | 0;
  }
  out[at] = c0;
  out[at + 1] = c1;
  out[at + 2] = c2;
  out[at + 3] = c3;
}
