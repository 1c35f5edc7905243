/** Recording a run with no bookkeeping in the user's code. */
export { startCapture, Capture, type CaptureOptions, type Outcome as CaptureOutcome } from "./capture.js";
export { log } from "./log.js";
export { run } from "./run.js";
export { runError } from "./run-error.js";
