/** Runs for programs: the store, and what records into it. */
export * from "./store/index.js";
export * from "./capture/index.js";
