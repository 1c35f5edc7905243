/** Keeping runs on the disk: one folder a run, safe against kills, full disks and many writers. */
export { findStore } from "./find-store.js";
export { openStore, closeRun, type Store } from "./store.js";
export type { EndChanges, LiveRun, MetaChanges, NewPoint } from "./live-run.js";
export type { NewRun } from "./new-meta.js";
export type { Outcome } from "./close-run.js";
export { resolveReference } from "./reference.js";
export { redact, redactValue } from "./redact.js";
