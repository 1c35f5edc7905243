/** One diff, three faces: data for the sidebar, text for terminals, a table for notebooks. Pure. */
export * from "./types.js";
export { diffRuns, MOST_RUNS } from "./diff-runs.js";
export { diffHtml } from "./html.js";
export { diffText, type DiffTextOptions } from "./text.js";
