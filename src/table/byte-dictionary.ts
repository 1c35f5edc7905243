/**
 * Distinct texts, found by their bytes: a text is decoded once, however many rows hold it.
 */

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** Gives each distinct run of bytes a number, counting from 0 in order of appearance. */
export class ByteDictionary {
  /** The distinct texts so far. */
  readonly texts: string[] = [];
  readonly #keys: Uint8Array[] = [];
  #slots = new Int32Array(64).fill(-1);
  readonly #hashes: number[] = [];

  /** The number of the text in `bytes` from `start` to before `end` (UTF-8). */
  code(bytes: Uint8Array, start: number, end: number): number {
    let hash = OFFSET_BASIS;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], PRIME);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const code = this.#slots[slot];
      if (code < 0) return this.#add(bytes.slice(start, end), hash, slot);
      if (this.#hashes[code] === hash && this.#equal(this.#keys[code], bytes, start, end)) return code;
      slot = (slot + 1) & mask;
    }
  }

  #equal(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
    if (key.length !== end - start) return false;
    for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false;
    return true;
  }

  #add(key: Uint8Array, hash: number, slot: number): number {
    const code = this.#keys.length;
    this.#keys.push(key);
    this.#hashes.push(hash);
    this.texts.push(Buffer.from(key.buffer, key.byteOffset, key.length).toString("utf8"));
    this.#slots[slot] = code;
    if (2 * this.#keys.length > this.#slots.length) this.#grow();
    return code;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    this.#hashes.forEach((hash, code) => {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    });
    this.#slots = slots;
  }
}
