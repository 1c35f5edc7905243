// Fork and join between the instances of one kernel on one shared memory, without a step through JavaScript.
//
// The control block, 32-bit words: sequence, function, argument, stop, failed, sleepers; then, a cache line each, a
// claim and an end for every shard. A fork raises the sequence. Whoever moves a shard's claim from the last sequence to
// this one does the shard, and the caller does all that nobody took, so a worker that is late, or gone, costs only time.

const SEQUENCE: usize = 0;
const TASK: usize = 4;
const ARGUMENT: usize = 8;
const STOP: usize = 12;
const FAILED: usize = 16;
const SLEEPERS: usize = 64;
const SHARDS: usize = 128;

/** Turns of waiting before a thread sleeps: some microseconds, about the length of the smallest task. */
const SPINS: i32 = 4000;
/** A worker that has had nothing to do for this long goes back to its event loop. */
const IDLE_NANOSECONDS: i64 = 5_000_000_000;
const JOIN_NANOSECONDS: i64 = 50_000_000;

let control: usize = 0;
let size: i32 = 1;

@inline function claimOf(shard: i32): usize {
  return control + SHARDS + ((<usize>shard) << 7);
}

@inline function endOf(shard: i32): usize {
  return claimOf(shard) + 64;
}

/** Tells this instance its control block and how many threads share it; 1 means none but this one. */
export function setCrew(at: usize, threads: i32): void {
  control = at;
  size = threads;
}

/** Shards of a fork, which is the number of threads. */
export function crewSize(): i32 {
  return size;
}

/** Runs `task(argument, shard)` for every shard and returns when all are done. */
export function fork(task: (argument: usize, shard: i32) => void, argument: usize): void {
  if (ASC_FEATURE_THREADS) {
    if (size > 1) {
      forkThreads(changetype<usize>(task), argument);
      return;
    }
  }
  for (let shard = 0; shard < size; shard++) task(argument, shard);
}

function forkThreads(task: usize, argument: usize): void {
  store<u32>(control, <u32>task, TASK);
  store<u32>(control, <u32>argument, ARGUMENT);
  const sequence = atomic.load<i32>(control, SEQUENCE) + 1;
  atomic.store<i32>(control, sequence, SEQUENCE);
  if (atomic.load<i32>(control, SLEEPERS) > 0) atomic.notify(control + SEQUENCE, -1);
  doShards(0, sequence, task, argument);
  for (let shard = 0; shard < size; shard++) {
    let spins = 0;
    for (;;) {
      const end = atomic.load<i32>(endOf(shard));
      if (end == sequence) break;
      if (++spins < SPINS) continue;
      atomic.wait<i32>(endOf(shard), end, JOIN_NANOSECONDS);
      if (atomic.load<i32>(control, FAILED) != 0) unreachable();
    }
  }
}

function doShards(first: i32, sequence: i32, task: usize, argument: usize): void {
  for (let turn = 0; turn < size; turn++) {
    let shard = first + turn;
    if (shard >= size) shard -= size;
    if (atomic.load<i32>(claimOf(shard)) == sequence) continue;
    if (atomic.cmpxchg<i32>(claimOf(shard), sequence - 1, sequence) != sequence - 1) continue;
    changetype<(argument: usize, shard: i32) => void>(task)(argument, shard);
    atomic.store<i32>(endOf(shard), sequence);
    // The caller may sleep on this shard; its own shards it never waits for.
    if (first != 0) atomic.notify(endOf(shard), 1);
  }
}

/** A worker's life on this memory: shards of one fork after another, until told to stop or idle for long. */
export function serve(first: i32): void {
  if (ASC_FEATURE_THREADS) {
    let seen = 0;
    while (atomic.load<i32>(control, STOP) == 0) {
      const sequence = atomic.load<i32>(control, SEQUENCE);
      if (sequence != seen) {
        seen = sequence;
        const task = <usize>load<u32>(control, TASK);
        const argument = <usize>load<u32>(control, ARGUMENT);
        doShards(first, sequence, task, argument);
        continue;
      }
      let spins = 0;
      while (++spins < SPINS && atomic.load<i32>(control, SEQUENCE) == seen) {}
      if (spins < SPINS) continue;
      atomic.add<i32>(control, 1, SLEEPERS);
      const woken = atomic.wait<i32>(control + SEQUENCE, seen, IDLE_NANOSECONDS);
      atomic.sub<i32>(control, 1, SLEEPERS);
      if (woken == 2) return;
    }
  }
}
