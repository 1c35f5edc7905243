/**
 * The only place where the house asks for the wall clock, so that a run can be given a fixed one.
 * Kept from before any replacement that a recorded run makes: bookkeeping never counts as the user's own reading.
 */
const wall = Date.now.bind(Date);
const steady = performance.now.bind(performance);

/** Milliseconds since 1970, UTC. */
export const now = (): number => wall();

/** Milliseconds from an arbitrary start, never going back: for durations. */
export const elapsed = (): number => steady();
