/**
 * Parquet's hybrid of run lengths and packed bits: levels and places in dictionaries are written in it.
 */
import { damaged } from "./thrift.js";

/** A window of 32 bits holds any value of so many bits, wherever in a byte it starts. */
const WIDEST_IN_WINDOW = 25;

/**
 * Reads `count` numbers of `width` bits into `out`, and returns the greatest.
 *
 * @param view of bytes that go on for 8 more after `end`: windows are read whole.
 */
export function readHybrid(view: DataView, start: number, end: number, width: number, out: Int32Array, count: number): number {
  if (width > 31) throw damaged("a number in it is wider than 31 bits");
  const valueBytes = (width + 7) >> 3;
  let at = start;
  let filled = 0;
  let greatest = 0;
  while (filled < count) {
    let head = 0;
    let scale = 1;
    for (;;) {
      if (at >= end || scale > 2 ** 35) throw damaged("a page breaks off");
      const byte = view.getUint8(at++);
      head += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    const packed = head % 2 === 1;
    const length = Math.floor(head / 2);
    if (!packed) {
      if (at + valueBytes > end) throw damaged("a page breaks off");
      let value = 0;
      for (let b = 0; b < valueBytes; b++) value |= view.getUint8(at + b) << (8 * b);
      at += valueBytes;
      if (length === 0) throw damaged("a run in it is empty");
      const stop = Math.min(count, filled + length);
      out.fill(value, filled, stop);
      filled = stop;
      if (value > greatest) greatest = value;
      continue;
    }
    if (length === 0) throw damaged("a run in it is empty");
    const take = Math.min(count - filled, length * 8);
    // The last group may be cut short after the values that are needed.
    if (at + Math.ceil((take * width) / 8) > end) throw damaged("a page breaks off");
    const most = unpack(view, at, width, out, filled, take);
    if (most > greatest) greatest = most;
    filled += take;
    at += length * width;
  }
  return greatest;
}

function unpack(view: DataView, start: number, width: number, out: Int32Array, from: number, count: number): number {
  if (width > WIDEST_IN_WINDOW) return unpackWide(view, start, width, out, from, count);
  const mask = width === 0 ? 0 : 2 ** width - 1;
  let greatest = 0;
  // A walk in stretches of whole bytes keeps the number of bits small.
  for (let done = 0; done < count; done += 65_536) {
    const base = start + (done / 8) * width;
    const stop = Math.min(count, done + 65_536);
    for (let i = done, bit = 0; i < stop; i++, bit += width) {
      const value = (view.getUint32(base + (bit >>> 3), true) >>> (bit & 7)) & mask;
      out[from + i] = value;
      if (value > greatest) greatest = value;
    }
  }
  return greatest;
}

function unpackWide(view: DataView, start: number, width: number, out: Int32Array, from: number, count: number): number {
  let greatest = 0;
  for (let i = 0; i < count; i++) {
    const bit = i * width;
    const at = start + Math.floor(bit / 8);
    const low = view.getUint32(at, true) / 2 ** (bit % 8) + view.getUint8(at + 4) * 2 ** (32 - (bit % 8));
    const value = Math.floor(low) % 2 ** width;
    out[from + i] = value;
    if (value > greatest) greatest = value;
  }
  return greatest;
}

/**
 * Marks of which values are there: definition levels of a column that is not nested.
 *
 * @param present a byte a value, 1 where there is one.
 * @returns how many are there.
 */
export function readPresence(view: DataView, start: number, end: number, present: Uint8Array, count: number): number {
  let at = start;
  let filled = 0;
  let there = 0;
  while (filled < count) {
    let head = 0;
    let scale = 1;
    for (;;) {
      if (at >= end || scale > 2 ** 35) throw damaged("a page breaks off");
      const byte = view.getUint8(at++);
      head += (byte & 127) * scale;
      if (byte < 128) break;
      scale *= 128;
    }
    const length = Math.floor(head / 2);
    if (length === 0) throw damaged("a run in it is empty");
    if (head % 2 === 0) {
      if (at >= end) throw damaged("a page breaks off");
      const value = view.getUint8(at++) & 1;
      const stop = Math.min(count, filled + length);
      present.fill(value, filled, stop);
      if (value === 1) there += stop - filled;
      filled = stop;
      continue;
    }
    const take = Math.min(count - filled, length * 8);
    if (at + Math.ceil(take / 8) > end) throw damaged("a page breaks off");
    for (let i = 0; i < take; i++) {
      const bit = (view.getUint8(at + (i >>> 3)) >>> (i & 7)) & 1;
      present[filled + i] = bit;
      there += bit;
    }
    filled += take;
    at += length;
  }
  return there;
}
