/** A diff on the screen: the headline, the five inputs, and the sections. Used by the tab and by a diff in a notebook. */
import type { DiffSection, RunDiff } from "runlab/diff";
import { plainText } from "runlab/format";
import { Component, type ErrorInfo, type ReactNode, useState } from "react";
import type { IDiffPanels, PanelServices } from "../tokens.js";
import { StatusMark, type ShownStatus } from "../text/status-mark.js";
import { RunName } from "./run-name.js";

interface DiffViewProps {
  diff: RunDiff;
  panels: IDiffPanels;
  services: PanelServices;
  /** Opens the page of one of the runs; absent where there is no store to open it from. */
  onOpen?(id: string): void;
  everything: boolean;
  onEverything(everything: boolean): void;
}

export function DiffView({ diff, panels, services, onOpen, everything, onEverything }: DiffViewProps): JSX.Element {
  const { trans } = services;
  const shown = everything ? diff.sections : diff.sections.filter((section) => section.changed);
  const same = diff.sections.filter((section) => !section.changed);
  return (
    <>
      <header className="runlab-Diff-head">
        <div className="runlab-Diff-runs">
          {diff.runs.map((run, i) => (
            <button key={run.id} type="button" className="runlab-Diff-run" disabled={!onOpen} title={plainText(run.id)} onClick={() => onOpen?.(run.id)}>
              <StatusMark status={run.status as ShownStatus} trans={trans} />
              <RunName run={run} place={i} />
              <span className="runlab-Diff-seed">
                {trans.__("seed")} {run.seed}
              </span>
            </button>
          ))}
        </div>
        <p className="runlab-Diff-headline">{plainText(diff.headline)}</p>
        <div className="runlab-Diff-formula">
          <span>metric = h(</span>
          <ul className="runlab-Chips" aria-label={trans.__("The five inputs of a run")}>
            {diff.inputs.map((input) => (
              <li key={input.name} className="runlab-Chip" data-changed={input.changed}>
                <span className="runlab-Chip-name">{input.name}</span>
                <span className="runlab-Chip-what">{plainText(input.summary)}</span>
              </li>
            ))}
          </ul>
          <span>)</span>
          <label className="runlab-Switch">
            <input type="checkbox" role="switch" checked={everything} onChange={(event) => onEverything(event.target.checked)} />
            {trans.__("Show everything")}
          </label>
        </div>
      </header>
      {shown.map((section) => (
        <Section key={section.id} section={section} diff={diff} panels={panels} services={services} everything={everything} />
      ))}
      {!everything && same.length > 0 && (
        <p className="runlab-Diff-same">{diff.runs.length === 2 ? trans.__("The same in both: %1", same.map(titleOf).join(", ")) : trans.__("The same in all: %1", same.map(titleOf).join(", "))}</p>
      )}
    </>
  );
}

const titleOf = (section: DiffSection): string => plainText(section.title).toLowerCase();

interface SectionProps {
  section: DiffSection;
  diff: RunDiff;
  panels: IDiffPanels;
  services: PanelServices;
  everything: boolean;
}

function Section({ section, diff, panels, services, everything }: SectionProps): JSX.Element {
  const [open, setOpen] = useState(true);
  const panel = panels.get(section.kind);
  return (
    <section className="runlab-Section" data-section={section.id} data-changed={section.changed}>
      <h2>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="runlab-Section-fold" aria-hidden="true" />
          {plainText(section.title)}
          <span className="runlab-Section-summary">{plainText(section.summary)}</span>
        </button>
      </h2>
      {open && panel && !isBare(section, everything) && (
        <Guard note={services.trans.__("This part cannot be shown.")}>
          <panel.Component section={section} runs={diff.runs} everything={everything} services={services} />
        </Guard>
      )}
    </section>
  );
}

/** Whether there is nothing below the summary. */
function isBare(section: DiffSection, everything: boolean): boolean {
  switch (section.kind) {
    case "table":
      return !(everything ? section.rows : section.rows.filter((row) => row.changed)).length;
    case "curves":
      return section.metrics.length === 0;
    case "code":
      return section.files.length === 0;
    case "plots":
      return section.plots.length === 0;
    default:
      return false;
  }
}

/** One panel that fails must not take the others with it. */
class Guard extends Component<{ note: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidCatch(_error: Error, _info: ErrorInfo): void {
    // Said in its place on the screen.
  }
  override render(): ReactNode {
    return this.state.failed ? <div className="runlab-Note">{this.props.note}</div> : this.props.children;
  }
}
