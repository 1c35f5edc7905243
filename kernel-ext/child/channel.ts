/**
 * The child's end of the pipes. Sending is synchronous: when the supervisor is busy the writer waits, so printing in a
 * loop costs time and never memory, and everything is out before the cell's end is told.
 */
import { closeSync, readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { decodeMessage, encodeMessage, encodeText, FrameReader, type FrameKind } from "./frames.js";
import { PIPES, type Answer, type Order, type Report } from "./messages.js";

const nap = new Int32Array(new SharedArrayBuffer(4));

function put(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(PIPES.up, bytes, at);
    } catch (error) {
      const { code } = error as { code?: string };
      // The supervisor has gone: nobody is left to hear or to stop this process.
      if (code === "EPIPE" || code === "EBADF") process.reallyExit(1);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(nap, 0, 0, 1);
    }
  }
}

export const sendText = (kind: FrameKind, cell: number, text: string): void => put(encodeText(kind, cell, text));

export const send = (cell: number, report: Report, buffers: readonly Uint8Array[] = []): void => put(encodeMessage(cell, report, buffers));

/** Calls `receive` for each order of the supervisor. When the supervisor goes, so does this process. */
export function listen(receive: (order: Order, buffers: Buffer[]) => void): void {
  const pipe = new Socket({ fd: PIPES.down, readable: true, writable: false });
  const reader = new FrameReader((frame) => {
    const { message, buffers } = decodeMessage(frame);
    receive(message as Order, buffers);
  });
  pipe.on("data", (chunk) => reader.push(chunk));
  pipe.on("error", () => process.reallyExit(1));
  pipe.on("close", () => process.reallyExit(1));
}

/** Waits for one answer, with the thread held. */
export function readAnswer(): Answer {
  let answer: Answer | null = null;
  const reader = new FrameReader((frame) => {
    answer = decodeMessage(frame).message as Answer;
  });
  const chunk = Buffer.allocUnsafe(64 * 1024);
  while (answer === null) {
    let bytes = 0;
    try {
      bytes = readSync(PIPES.answer, chunk);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
      Atomics.wait(nap, 0, 0, 2);
      continue;
    }
    if (bytes === 0) {
      closeSync(PIPES.answer);
      process.reallyExit(1);
    }
    reader.push(Buffer.from(chunk.subarray(0, bytes)));
  }
  return answer;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace NodeJS {
    interface Process {
      /** Ends the process at once, without `exit` handlers. */
      reallyExit(code: number): never;
    }
  }
}
