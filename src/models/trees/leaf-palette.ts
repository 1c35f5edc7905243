/**
 * The distinct leaves of a tree: a fully grown tree has tens of thousands, but few that differ.
 */

/** Collects vectors of `channels` whole numbers; equal ones get one number. */
export class LeafPalette {
  readonly #channels: number;
  #leaves: Float64Array;
  #count = 0;
  /** Open addressing: place + 1 of a leaf, 0 where empty. */
  #table = new Int32Array(256);

  constructor(channels: number) {
    this.#channels = channels;
    this.#leaves = new Float64Array(64 * channels);
  }

  /** The number of the leaf that holds these sums. */
  add(sums: Float64Array): number {
    const channels = this.#channels;
    let slot = this.#hash(sums, 0) & (this.#table.length - 1);
    for (;;) {
      const held = this.#table[slot];
      if (held === 0) break;
      if (this.#equal((held - 1) * channels, sums)) return held - 1;
      slot = (slot + 1) & (this.#table.length - 1);
    }
    if ((this.#count + 1) * channels > this.#leaves.length) {
      const larger = new Float64Array(2 * this.#leaves.length);
      larger.set(this.#leaves);
      this.#leaves = larger;
    }
    for (let c = 0; c < channels; c++) this.#leaves[this.#count * channels + c] = sums[c];
    this.#table[slot] = ++this.#count;
    if (2 * this.#count > this.#table.length) this.#rehash();
    return this.#count - 1;
  }

  /** All leaves, in the order of their numbers. */
  leaves(): Float64Array {
    return this.#leaves.slice(0, this.#count * this.#channels);
  }

  #equal(at: number, sums: Float64Array): boolean {
    for (let c = 0; c < this.#channels; c++) if (this.#leaves[at + c] !== sums[c]) return false;
    return true;
  }

  #hash(sums: Float64Array, at: number): number {
    let hash = 0x811c9dc5;
    for (let c = 0; c < this.#channels; c++) {
      const value = sums[at + c];
      hash = Math.imul(hash ^ (value | 0), 0x01000193);
      hash = Math.imul(hash ^ ((value / 4294967296) | 0), 0x85ebca6b);
    }
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #rehash(): void {
    const table = new Int32Array(2 * this.#table.length);
    for (let leaf = 0; leaf < this.#count; leaf++) {
      let slot = this.#hash(this.#leaves, leaf * this.#channels) & (table.length - 1);
      while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
      table[slot] = leaf + 1;
    }
    this.#table = table;
  }
}
