/**
 * Space for the end of a run on a disk that is full by then: a hidden file in the run's folder, written at the start and
 * removed right before the end record is written.
 */
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { createFile, discard } from "./durable.js";

const NAME = ".reserve";
/** An end record is a few kB; one with long fields takes what other files left. */
const BYTES = 32 << 10;

/** @throws the file system's error when there is no room: a run that could not end must not start. */
export function reserve(folder: string): void {
  // Bytes that no file system compresses or leaves out.
  createFile(join(folder, NAME), randomFillSync(Buffer.allocUnsafe(BYTES)));
}

export function freeReserve(folder: string): void {
  discard(join(folder, NAME));
}
