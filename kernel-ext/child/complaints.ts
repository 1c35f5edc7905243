/** What goes wrong outside a cell's own course: a timer that throws, a promise that nobody waits for. The kernel lives on. */
import { inspect } from "node:util";
import { print } from "./streams.js";

/** Lines of a stack that belong to Node or to the kernel itself tell the user nothing. */
const FOREIGN = /\(?(node:|internal\/|file:\/\/\/?[^)]*\/kernel-ext\/dist\/|[^)\s]*\/kernel-ext\/dist\/)/;

export function stackText(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== "string") return inspect(error);
  if (error.name === "RunlabError") return error.message;
  return error.stack
    .split("\n")
    .filter((line) => !(/^\s+at /.test(line) && FOREIGN.test(line)))
    .join("\n");
}

export function complain(what: string, error: unknown): void {
  print("stderr", `${what}: ${stackText(error)}\n`);
}

export function catchTheUncaught(): void {
  process.on("uncaughtException", (error) => complain("Uncaught exception", error));
  process.on("unhandledRejection", (reason) => complain("Unhandled rejection", reason));
}
