// The smallest kernel with a crew: what the tests of memory, variants and workers run.
import { crewSize, fork } from "./crew";

export { serve, setCrew } from "./crew";

/** Adds up the whole numbers in `length` places from `at`, each thread its share; `partial` has a place a thread. */
export function sum(at: usize, length: i32, partial: usize): i64 {
  const argument = partial + 64 * <usize>crewSize();
  store<u32>(argument, <u32>at);
  store<i32>(argument, length, 4);
  store<u32>(argument, <u32>partial, 8);
  fork(sumShard, argument);
  let total: i64 = 0;
  for (let shard = 0; shard < crewSize(); shard++) total += load<i64>(partial + 64 * <usize>shard);
  return total;
}

function sumShard(argument: usize, shard: i32): void {
  const at = <usize>load<u32>(argument);
  const length = load<i32>(argument, 4);
  const from = <i32>((<i64>length * shard) / crewSize());
  const to = <i32>((<i64>length * (shard + 1)) / crewSize());
  let total: i64 = 0;
  for (let i = from; i < to; i++) total += load<i32>(at + ((<usize>i) << 2));
  store<i64>(<usize>load<u32>(argument, 8) + 64 * <usize>shard, total);
}

/** Stops the thread that runs shard `which`, as a fault in a kernel would. */
export function fault(which: i32): void {
  fork(faultShard, <usize>which);
}

function faultShard(argument: usize, shard: i32): void {
  if (shard == <i32>argument) unreachable();
}

/** 4 when lanes are used, 1 when not. */
export function lanes(): i32 {
  return ASC_FEATURE_SIMD ? 4 : 1;
}
