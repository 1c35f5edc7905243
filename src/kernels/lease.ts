/**
 * Memory for kernels, taken and given back whole.
 *
 * WebAssembly memory grows and never shrinks, so one memory is kept and lent again. A lease that an interrupt cut off is
 * not given back: its memory is not lent again either, and is collected when nothing refers to it. So whatever state a
 * stopped fit left, the next one starts from clean ground.
 */
import { RunlabError } from "../errors.js";
import { compiledKernel } from "./compiled.js";
import { type Crew, enlist } from "./crew.js";
import { type Variant, variantInUse } from "./variant.js";

const PAGE = 65536;
/** The first page is the kernels' own; crews have their control blocks in the next four. */
const CREWS_FROM = PAGE;
const FREE_FROM = 5 * PAGE;
const LINE = 64;
/** All that 32-bit addresses reach. */
const MOST_PAGES = 65536;
/** Memory larger than this is let go after use instead of kept. */
const KEEP_BYTES = 256 * 1024 * 1024;

/** One memory and what stands on it. */
interface Ground {
  readonly memory: WebAssembly.Memory;
  readonly variant: Variant;
  readonly kernels: Map<string, WebAssembly.Exports>;
  /** Control blocks are never used twice, so that a worker that wakes late finds its own crew dissolved. */
  crewsAt: number;
}

const kept = new Map<Variant, Ground>();

/**
 * Takes memory for kernels. Give it back in a `finally`.
 *
 * @param options.alone that no crew will work on it: what one thread alone uses need not be shared, and is copied faster.
 *
 * @example
 * const lease = leaseMemory();
 * const at = lease.alloc(8 * 100);
 * lease.f64(at, 100).fill(1);
 * lease.release();
 */
export function leaseMemory({ alone = false }: { alone?: boolean } = {}): Lease {
  const inUse = variantInUse();
  const variant = alone && inUse === "threads" ? "simd" : inUse;
  const ground = kept.get(variant) ?? { memory: newMemory(variant), variant, kernels: new Map(), crewsAt: CREWS_FROM };
  kept.delete(variant);
  return new Lease(ground);
}

/** A shared memory reserves the addresses of its most pages; where there are limits on that, fewer have to do. */
function newMemory(variant: Variant): WebAssembly.Memory {
  const initial = FREE_FROM / PAGE;
  if (variant !== "threads") return new WebAssembly.Memory({ initial, maximum: MOST_PAGES });
  for (let maximum = MOST_PAGES; ; maximum /= 4) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch (error) {
      if (maximum <= 1024) throw error;
    }
  }
}

/** Memory on lease: a stack of blocks, views of them, and the kernels that work on them. */
export class Lease {
  readonly #ground: Ground;
  readonly #crews: Crew[] = [];
  #top = FREE_FROM;
  #released = false;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get memory(): WebAssembly.Memory {
    return this.#ground.memory;
  }

  get variant(): Variant {
    return this.#ground.variant;
  }

  /**
   * The address of a new block, at a multiple of 64 and with 64 bytes to spare behind it, so that a kernel may read a
   * few lanes past the end. Memory that was lent before is not cleared.
   *
   * @throws RunlabError when four gigabytes, or the machine's memory, do not suffice.
   */
  alloc(bytes: number): number {
    const at = this.#top;
    const top = Math.ceil((at + bytes + LINE) / LINE) * LINE;
    const missing = top - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE), bytes);
    this.#top = top;
    return at;
  }

  #grow(pages: number, bytes: number): void {
    const received = `${Math.ceil(bytes / 1e6)} MB more than the ${Math.ceil(this.#top / 1e6)} MB in use`;
    try {
      this.memory.grow(pages);
    } catch {
      throw new RunlabError("this needs more memory than there is", { received, allowed: "4 GB in all: fewer rows, columns or threads" });
    }
  }

  /** The height of the stack: give it to `rewind` to free what was taken since. */
  mark(): number {
    return this.#top;
  }

  rewind(mark: number): void {
    this.#top = mark;
  }

  // Views are made anew each time: memory that grows leaves older ones empty. Take blocks first, then look at them.
  u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, at, length);
  }
  u16(at: number, length: number): Uint16Array {
    return new Uint16Array(this.memory.buffer, at, length);
  }
  i32(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
  u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, at, length);
  }
  i64(at: number, length: number): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, at, length);
  }
  f32(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }
  f64(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }

  /** The functions of a kernel on this memory. */
  kernel<Exports>(name: string): Exports {
    const { kernels, memory, variant } = this.#ground;
    let exports = kernels.get(name);
    if (exports === undefined) {
      exports = new WebAssembly.Instance(compiledKernel(name, variant), { env: { memory } }).exports;
      kernels.set(name, exports);
    }
    return exports as Exports;
  }

  /** Puts threads behind a kernel; see `startCrew`. */
  crew(name: string, threads: number): Crew {
    const { memory, variant } = this.#ground;
    const kernel = this.kernel<{ setCrew(control: number, threads: number): void }>(name);
    const wanted = variant === "threads" ? threads : 1;
    const crew = enlist(compiledKernel(name, variant), kernel, memory, this.#ground.crewsAt, FREE_FROM, wanted);
    this.#ground.crewsAt += crew.controlBytes;
    this.#crews.push(crew);
    return crew;
  }

  /** Gives the memory back; nothing of this lease may be used after. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const crew of this.#crews) crew.dismiss();
    const { memory, variant, crewsAt } = this.#ground;
    const spent = crewsAt + 2 * PAGE > FREE_FROM;
    if (memory.buffer.byteLength <= KEEP_BYTES && !spent) kept.set(variant, this.#ground);
  }
}

/**
 * Puts `threads` threads, this one included, behind a kernel that forks. They need not be there yet when it starts:
 * what no worker has taken, the caller does.
 *
 * @example
 * const lease = leaseMemory();
 * const crew = startCrew(lease, "probe", 2);
 * crew.size >= 1; // true
 * lease.release();
 */
export function startCrew(lease: Lease, name: string, threads: number): Crew {
  return lease.crew(name, threads);
}
