/** `process.stdout` and `process.stderr` of the user's code: written at once, in order, to the cell that prints. */
import { StringDecoder } from "node:string_decoder";
import { sendText } from "./channel.js";
import { currentCell } from "./cells.js";
import { FRAME } from "./frames.js";

export type Listener = (name: "stdout" | "stderr", text: string, cell: number) => void;

const listeners: Listener[] = [];

/** Calls `listener` with everything printed from now on. Returns the function that stops it. */
export function onOutput(listener: Listener): () => void {
  listeners.push(listener);
  return () => {
    const at = listeners.indexOf(listener);
    if (at >= 0) listeners.splice(at, 1);
  };
}

export function print(name: "stdout" | "stderr", text: string, cell: number = currentCell()): void {
  if (text === "") return;
  for (const listener of listeners) listener(name, text, cell);
  sendText(FRAME[name], cell, text);
}

type Done = (error?: Error | null) => void;

export function takeStreams(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    const write = (chunk: Uint8Array | string, encoding?: BufferEncoding | Done, done?: Done): boolean => {
      const text =
        typeof chunk !== "string"
          ? decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
          : typeof encoding === "string" && !/^utf-?8$/i.test(encoding)
            ? Buffer.from(chunk, encoding).toString()
            : chunk;
      print(name, text);
      const callback = typeof encoding === "function" ? encoding : done;
      if (callback !== undefined) process.nextTick(callback);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
}
