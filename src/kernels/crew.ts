/**
 * Threads behind a kernel: workers that hold an instance of it on the same memory and serve its forks
 * (`assembly/crew.ts`). They are kept between fits, never keep the process alive, and hold no state of their own.
 */
import type { Worker } from "node:worker_threads";

/** Words of a control block; the order is that of `assembly/crew.ts`. */
const SEQUENCE = 0;
const STOP = 3;
const HEAD_BYTES = 128;
const SHARD_BYTES = 128;

/** A worker takes one crew after another and says when it is home. A fault in a shard is left for the caller to raise. */
const SERVE = `
const { parentPort, workerData } = require("node:worker_threads");
parentPort.on("message", ({ module, memory, control, threads, first }) => {
  try {
    const { setCrew, serve } = new WebAssembly.Instance(module, { env: { memory } }).exports;
    setCrew(control, threads);
    serve(first);
  } catch {
    const words = new Int32Array(memory.buffer, control);
    Atomics.store(words, 4, 1);
  }
  Atomics.sub(workerData, 0, 1);
});
`;

interface Hired {
  readonly worker: Worker;
  /** Crews given to the worker and not yet served to their end: read without waiting for a message. */
  readonly crews: Int32Array;
}

const hired: Hired[] = [];

/** Threads that serve one kernel on one memory. */
export interface Crew {
  /** Threads, the caller included; 1 where memory cannot be shared. */
  readonly size: number;
  readonly controlBytes: number;
  /** Sends the workers home. */
  dismiss(): void;
}

/** Makes a crew with its control block at `control`, which nothing has used before; fewer threads when `end` is near. */
export function enlist(module: WebAssembly.Module, kernel: { setCrew(control: number, threads: number): void }, memory: WebAssembly.Memory, control: number, end: number, threads: number): Crew {
  const room = Math.floor((end - control - HEAD_BYTES) / SHARD_BYTES);
  const size = Math.max(1, Math.min(threads, room));
  if (size === 1) {
    kernel.setCrew(0, 1);
    return { size, controlBytes: 0, dismiss: () => {} };
  }
  kernel.setCrew(control, size);
  while (hired.length < size - 1) hired.push(hire());
  // Those at home first; one that is still on its way from another crew comes when it is there.
  const byWork = hired.slice().sort((a, b) => Atomics.load(a.crews, 0) - Atomics.load(b.crews, 0));
  for (let first = 1; first < size; first++) {
    const { worker, crews } = byWork[first - 1];
    Atomics.add(crews, 0, 1);
    worker.postMessage({ module, memory, control, threads: size, first });
  }
  const words = new Int32Array(memory.buffer, control, HEAD_BYTES / 4);
  return {
    size,
    controlBytes: HEAD_BYTES + SHARD_BYTES * size,
    dismiss: () => {
      kernel.setCrew(0, 1);
      Atomics.store(words, STOP, 1);
      Atomics.add(words, SEQUENCE, 1);
      Atomics.notify(words, SEQUENCE);
    },
  };
}

function hire(): Hired {
  const crews = new Int32Array(new SharedArrayBuffer(4));
  // Asked for when the first crew is made: importing the library costs nothing of it.
  const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
  const worker = new Thread(SERVE, { eval: true, execArgv: [], stdin: false, workerData: crews });
  const entry = { worker, crews };
  const gone = (): void => {
    const place = hired.indexOf(entry);
    if (place >= 0) hired.splice(place, 1);
  };
  worker.on("error", gone);
  worker.on("exit", gone);
  worker.unref();
  return entry;
}
