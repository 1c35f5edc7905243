/** Whose output is it? Every request that may print has an owner, remembered by number after it has ended. */
import type { Header } from "../protocol/messages.js";

export interface Owner {
  /** The number in the frames of the child. */
  readonly number: number;
  readonly parent: Header | Record<string, never>;
  /** Bytes printed so far, and bytes not shown because they were too many. */
  printed: number;
  dropped: number;
  displayed: number;
}

/** Output older than this many requests goes to the newest one. */
const REMEMBERED = 5000;

export class Owners {
  private readonly known = new Map<number, Owner>();
  private newest: Owner;

  /** What the kernel prints before the first request has no parent. */
  constructor() {
    this.newest = { number: 0, parent: {}, printed: 0, dropped: 0, displayed: 0 };
    this.known.set(0, this.newest);
  }

  create(parent: Header): Owner {
    const owner: Owner = { number: this.newest.number + 1, parent, printed: 0, dropped: 0, displayed: 0 };
    this.newest = owner;
    this.known.set(owner.number, owner);
    this.known.delete(owner.number - REMEMBERED);
    return owner;
  }

  get(number: number): Owner {
    return this.known.get(number) ?? this.newest;
  }

  get latest(): Owner {
    return this.newest;
  }
}
