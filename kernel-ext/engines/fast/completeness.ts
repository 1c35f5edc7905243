import type { Completeness } from "../engine.js";
import { parse } from "./syntax.js";

/** Whether Enter should run the text or open a new line, and how far that line is indented. */
export function completeness(code: string): Completeness {
  if (code.trim() === "") return { status: "complete", indent: "" };
  const { error } = parse(code);
  if (error === null) return { status: "complete", indent: "" };
  if (!error.atEnd) return { status: "invalid", indent: "" };
  const lastLine = code.trimEnd().split("\n").at(-1)!;
  const indent = /^[ \t]*/.exec(lastLine)![0];
  return { status: "incomplete", indent: /[{([]\s*(?:\/\/.*)?$|=>\s*$/.test(lastLine) ? `${indent}  ` : indent };
}
