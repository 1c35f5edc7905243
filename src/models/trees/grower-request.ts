/**
 * What a caller may get wrong, checked before a tree is grown.
 */
import { RunlabError } from "../../errors.js";
import type { GrowRequest, GrowerOptions } from "./grower.js";

export function checkRequest(request: GrowRequest, rows: number, outputs: number): void {
  if (!(request.output >= 0 && request.output < outputs)) throw new RunlabError("a tree is grown for one of the outputs", { received: request.output, allowed: `0 to ${outputs - 1}` });
  if (request.rows !== null && (request.rows.length === 0 || request.rows[request.rows.length - 1] >= rows)) {
    throw new RunlabError("a tree grows on rows of its table", { received: `${request.rows.length} rows`, allowed: `1 to ${rows} different row numbers below ${rows}, ascending` });
  }
}

/** The options with their bounds in reach: no more leaves than rows. */
export function boundOptions(options: GrowerOptions, rows: number): GrowerOptions {
  const maxLeaves = Math.max(1, Math.min(options.maxLeaves, rows));
  return { ...options, maxLeaves };
}
