/**
 * Progress of a fit, announced a few times a second at most, and not at all for work that is done in a moment.
 */
import { elapsed } from "../clock.js";
import { announce } from "../observe/index.js";

const FIRST_AFTER_MS = 1000;
const THEN_EVERY_MS = 250;

/** Returns the function to call after each step. A fit that has announced itself also announces its end. */
export function fitProgress(label: string, total: number): (done: number) => void {
  let next = elapsed() + FIRST_AFTER_MS;
  let shown = false;
  return (done) => {
    const time = elapsed();
    if (time < next && !(shown && done === total)) return;
    next = time + THEN_EVERY_MS;
    shown = true;
    announce({ type: "progress", label, done, total });
  };
}
