/**
 * Snappy, the compression most Parquet files have: Node has none. (Format: google/snappy, format_description.txt.)
 */
import { damaged } from "./thrift.js";

/** Copies longer than this are left to the engine's own move of memory. */
const SHORT = 24;

/**
 * Undoes Snappy.
 *
 * @param out as long as the result is said to be.
 */
export function unsnappy(bytes: Uint8Array, out: Uint8Array): void {
  const end = bytes.length;
  const size = out.length;
  let at = 0;
  let length = 0;
  let shift = 0;
  for (;;) {
    if (at >= end || shift > 28) throw damaged("a compressed page makes no sense");
    const byte = bytes[at++];
    length += (byte & 127) << shift;
    if (byte < 128) break;
    shift += 7;
  }
  if (length !== size) throw damaged("a compressed page has another size than it says");
  let to = 0;
  while (at < end) {
    const tag = bytes[at++];
    const kind = tag & 3;
    if (kind === 0) {
      let count = (tag >> 2) + 1;
      if (count > 60) {
        const extra = count - 60;
        if (at + extra > end) throw damaged("a compressed page breaks off");
        count = 0;
        for (let i = 0; i < extra; i++) count += bytes[at + i] * 2 ** (8 * i);
        count++;
        at += extra;
      }
      if (count > end - at || count > size - to) throw damaged("a compressed page breaks off");
      if (count > SHORT) {
        out.set(bytes.subarray(at, at + count), to);
        at += count;
        to += count;
      } else for (const stop = at + count; at < stop;) out[to++] = bytes[at++];
      continue;
    }
    let count = (tag >> 2) + 1;
    let offset: number;
    if (kind === 1) {
      count = ((tag >> 2) & 7) + 4;
      offset = ((tag >> 5) << 8) | bytes[at++];
    } else if (kind === 2) {
      offset = bytes[at] | (bytes[at + 1] << 8);
      at += 2;
    } else {
      offset = (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
      at += 4;
    }
    if (at > end || offset === 0 || offset > to || count > size - to) throw damaged("a compressed page makes no sense");
    if (offset >= count && count > SHORT) {
      out.copyWithin(to, to - offset, to - offset + count);
      to += count;
    } else for (const stop = to + count; to < stop; to++) out[to] = out[to - offset];
  }
  if (to !== size) throw damaged("a compressed page has another size than it says");
}
