/**
 * The rows of a node, divided in place: those of the left child first, each side in the order it had.
 *
 * Branch-free, because which side a row takes is as good as a coin toss: every row is written to both sides and only
 * one side's end moves on.
 */
import type { TreeRows } from "./histogram.js";

/** Room for one partition, as long as the rows of the tree. */
export interface PartitionRoom {
  readonly sides: Uint8Array;
  readonly ints: Int32Array;
  readonly floats: Float64Array;
}

export function partitionRoom(rows: number): PartitionRoom {
  return { sides: new Uint8Array(rows), ints: new Int32Array(rows), floats: new Float64Array(rows) };
}

/** Divides the rows `from` to `to` by the feature whose bins begin at `start`, and returns where the right side begins. */
export function partition(rows: TreeRows, from: number, to: number, bins: Uint8Array, start: number, bin: number, missingLeft: boolean, room: PartitionRoom): number {
  const { sides } = room;
  // Turned by one, the missing bin 255 becomes 0 and goes left with the small bins.
  const turn = missingLeft ? 1 : 0;
  const most = bin + turn;
  const { offsets } = rows;
  let left = 0;
  for (let p = from; p < to; p++) {
    const side = ((bins[offsets[p] + start] + turn) & 255) <= most ? 1 : 0;
    sides[p] = side;
    left += side;
  }
  moveInts(rows.offsets, from, to, sides, room.ints);
  moveFloats(rows.weights, from, to, sides, room.floats);
  if (rows.labels !== null) moveInts(rows.labels, from, to, sides, room.ints);
  if (rows.values !== null) moveFloats(rows.values, from, to, sides, room.floats);
  return from + left;
}

function moveInts(array: Int32Array, from: number, to: number, sides: Uint8Array, room: Int32Array): void {
  let left = from;
  let right = 0;
  for (let p = from; p < to; p++) {
    const value = array[p];
    const side = sides[p];
    array[left] = value;
    room[right] = value;
    left += side;
    right += 1 - side;
  }
  for (let i = 0; i < right; i++) array[left + i] = room[i];
}

function moveFloats(array: Float64Array, from: number, to: number, sides: Uint8Array, room: Float64Array): void {
  let left = from;
  let right = 0;
  for (let p = from; p < to; p++) {
    const value = array[p];
    const side = sides[p];
    array[left] = value;
    room[right] = value;
    left += side;
    right += 1 - side;
  }
  for (let i = 0; i < right; i++) array[left + i] = room[i];
}
