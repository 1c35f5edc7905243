/** The status of a run as a small mark: a shape of its own for each, so that colour is never the only sign. */
import type { TranslationBundle } from "@jupyterlab/translation";
import type { RunStatus } from "runlab/format";

export type ShownStatus = RunStatus | "problem";

/** What is drawn in a 16 by 16 box, per status. */
const SHAPES: Record<ShownStatus, JSX.Element> = {
  running: <path d="M8 2a6 6 0 1 1-6 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  finished: <path d="M3 8.5l3.2 3.2L13 4.8" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />,
  failed: <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
  interrupted: <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />,
  crashed: <path d="M9.2 1.5L3.5 9H7l-.8 5.5L12.5 7H8.6z" fill="currentColor" />,
  problem: <path d="M8 1.8L15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z" fill="currentColor" fillRule="evenodd" />,
};

export function statusLabel(status: ShownStatus, trans: TranslationBundle): string {
  switch (status) {
    case "running":
      return trans.__("running");
    case "finished":
      return trans.__("finished");
    case "failed":
      return trans.__("failed");
    case "interrupted":
      return trans.__("interrupted");
    case "crashed":
      return trans.__("crashed");
    default:
      return trans.__("cannot be read");
  }
}

export function StatusMark({ status, trans }: { status: ShownStatus; trans: TranslationBundle }): JSX.Element {
  return (
    <span className="runlab-Mark" data-status={status} title={statusLabel(status, trans)}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {SHAPES[status] ?? SHAPES.problem}
      </svg>
    </span>
  );
}

/** A pill with mark and word, for headers that have the room. */
export function StatusPill({ status, trans }: { status: ShownStatus; trans: TranslationBundle }): JSX.Element {
  return (
    <span className="runlab-Pill" data-status={status}>
      <StatusMark status={status} trans={trans} />
      {statusLabel(status, trans)}
    </span>
  );
}
