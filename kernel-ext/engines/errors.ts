/** What user code threw -> what people read. Nothing here may throw, whatever was thrown. */
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { CellError, Outcome } from "./engine.js";

/** A mistake in what was asked, not in the program: the message says all, a stack would only hide it. */
const ONE_LINE = new Set(["RunlabError", "MagicError"]);
const FRAME = /^\s+at /;
/** The kernel's own folder, as it stands in stacks: as an address or as a path. */
const KERNEL = [new URL("../", import.meta.url).href, fileURLToPath(new URL("../", import.meta.url))];
/** A chain of causes longer than this is a cycle or an accident. */
const LONGEST_CHAIN = 10;

export function failure(thrown: unknown): Outcome {
  return { status: "error", error: describeThrown(thrown), thrown };
}

export const INTERRUPTED: CellError = { name: "KeyboardInterrupt", message: "the cell was interrupted", traceback: ["KeyboardInterrupt: the cell was interrupted"] };

export function describeThrown(thrown: unknown): CellError {
  try {
    if (isError(thrown)) return describeError(thrown);
    const text = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 3 });
    return { name: "Thrown", message: text, traceback: [`Thrown: ${text}`, "(a value that is not an Error has no stack; throw new Error(…) to see where)"] };
  } catch {
    return { name: "Thrown", message: "a value that cannot be shown", traceback: ["Thrown: a value that cannot be shown"] };
  }
}

function describeError(error: Error): CellError {
  const name = text(error, "name") || "Error";
  const message = text(error, "message");
  if (isMistake(error)) return { name, message, traceback: [`${name}: ${message}`] };
  return { name, message, traceback: lines(error, new Set()) };
}

/** By name, for the library may be loaded twice; kinds of `RunlabError` count too. */
function isMistake(error: Error): boolean {
  for (let kind: unknown = error; kind !== null && kind !== undefined; kind = Object.getPrototypeOf(kind)) {
    const made = Object.getOwnPropertyDescriptor(kind, "constructor")?.value;
    if (typeof made === "function" && ONE_LINE.has(made.name)) return true;
  }
  return ONE_LINE.has(text(error, "name"));
}

function lines(error: Error, seen: Set<unknown>): string[] {
  seen.add(error);
  const own = stackOf(error);
  if (error instanceof AggregateError || Array.isArray((error as AggregateError).errors)) {
    const inner = (error as AggregateError).errors.slice(0, LONGEST_CHAIN);
    inner.forEach((part, i) => own.push(...below(`  [${i + 1} of ${(error as AggregateError).errors.length}] `, part, seen)));
  }
  if ("cause" in error && error.cause !== undefined && seen.size < LONGEST_CHAIN) own.push(...below("  [cause] ", error.cause, seen));
  return own;
}

function below(label: string, value: unknown, seen: Set<unknown>): string[] {
  if (seen.has(value)) return [`${label}(already shown above)`];
  const own = isError(value) ? lines(value, seen) : [inspect(value, { depth: 2 })];
  return own.map((line, i) => (i === 0 ? label + line : `  ${line}`));
}

function stackOf(error: Error): string[] {
  const name = text(error, "name") || "Error";
  const message = text(error, "message");
  const stack = text(error, "stack");
  const head = message === "" ? name : `${name}: ${message}`;
  // The message may have been changed after the stack was made; the frames are still right.
  const frames = userFrames(stack);
  return [...head.split("\n"), ...frames];
}

/** The frames of a stack that stand in cells and in the user's own files, not in packages. */
function userFrames(stack: string): string[] {
  return stack.split("\n").filter((line) => FRAME.test(line) && !/[\\/]node_modules[\\/]|\(node:|at node:|<anonymous>\)?$/.test(line) && !KERNEL.some((folder) => line.includes(folder)));
}

function text(error: Error, field: "name" | "message" | "stack"): string {
  try {
    const value = error[field];
    return value === undefined ? "" : String(value);
  } catch {
    return "";
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}
