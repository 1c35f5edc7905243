/** What was thrown, as the record keeps it. */
import type { RunError } from "../format/index.js";

/** Never throws, whatever was thrown: an error whose message is a getter that throws is an error all the same. */
export function runError(error: unknown): RunError {
  try {
    if (!(error instanceof Error)) return { name: "Error", message: String(error), traceback: [] };
    const frames = String(error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    return { name: String(error.name), message: String(error.message), traceback: frames.map((line) => line.trim()).slice(0, 50) };
  } catch {
    return { name: "Error", message: "what was thrown cannot be read", traceback: [] };
  }
}
