import { afterEach, describe, expect, test } from "vitest";
import { coresToUse, leaseMemory, startCrew, useVariant, variantInUse, type Lease, type Variant } from "../../src/kernels/index.js";

interface Probe {
  sum(at: number, length: number, partial: number): bigint;
  fault(which: number): void;
  lanes(): number;
}

const VARIANTS: readonly Variant[] = ["threads", "simd", "plain"];

afterEach(() => useVariant(null));

/** Numbers 1 … length in memory, added up by the kernel. */
function sumOf(lease: Lease, length: number): number {
  const at = lease.alloc(4 * length);
  const partial = lease.alloc(64 * 70);
  const numbers = lease.i32(at, length);
  for (let i = 0; i < length; i++) numbers[i] = i + 1;
  return Number(lease.kernel<Probe>("probe").sum(at, length, partial));
}

describe("kernels", () => {
  test.each(VARIANTS)("the %s variant loads and adds up", (variant) => {
    useVariant(variant);
    const lease = leaseMemory();
    expect(lease.variant).toBe(variant);
    expect(lease.kernel<Probe>("probe").lanes()).toBe(variant === "plain" ? 1 : 4);
    expect(sumOf(lease, 1001)).toBe(501501);
    lease.release();
  });

  test("this machine runs lanes and shared memory", () => {
    expect(variantInUse()).toBe("threads");
  });

  test.each([1, 2, 3, 8])("a crew of %i gives the same sum a thousand times", (threads) => {
    const lease = leaseMemory();
    const crew = startCrew(lease, "probe", threads);
    expect(crew.size).toBe(threads);
    const mark = lease.mark();
    for (let turn = 0; turn < 1000; turn++) {
      expect(sumOf(lease, 1 + (turn % 57))).toBe(((1 + (turn % 57)) * (2 + (turn % 57))) / 2);
      lease.rewind(mark);
    }
    lease.release();
  });

  test("a crew is one where memory cannot be shared", () => {
    useVariant("simd");
    const lease = leaseMemory();
    expect(startCrew(lease, "probe", 4).size).toBe(1);
    expect(sumOf(lease, 10)).toBe(55);
    lease.release();
  });

  test("memory that was given back is lent again, memory on lease is not", () => {
    const first = leaseMemory();
    const second = leaseMemory();
    expect(second.memory).not.toBe(first.memory);
    first.release();
    const third = leaseMemory();
    expect(third.memory).toBe(first.memory);
    third.release();
    second.release();
  });

  test("hundreds of crews one after another never meet a dissolved one", async () => {
    for (let turn = 0; turn < 300; turn++) {
      const lease = leaseMemory();
      startCrew(lease, "probe", 3);
      expect(sumOf(lease, 5000)).toBe(12502500);
      lease.release();
      if (turn % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  test.each([0, 1])("a fault in shard %i is an error for the caller", async (shard) => {
    const lease = leaseMemory();
    startCrew(lease, "probe", 2);
    // A worker is there once it has had time to start: either thread then may take the shard.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(() => lease.kernel<Probe>("probe").fault(shard)).toThrow(WebAssembly.RuntimeError);
  });

  test("more memory than 32 bits address is one line", () => {
    const lease = leaseMemory();
    expect(() => lease.alloc(5e9)).toThrow(/more memory than there is/);
    lease.release();
  });

  test("threads are asked for by number, or all", () => {
    expect(coresToUse(3)).toBe(3);
    expect(coresToUse(null)).toBe(coresToUse(-1));
    for (const wrong of [0, -2, 1.5, NaN]) expect(() => coresToUse(wrong)).toThrow(/nJobs/);
  });
});
