/** The code of two of the runs side by side. */
import type { DiffSection, RunDiff } from "runlab/diff";
import { plainText } from "runlab/format";
import { useEffect, useRef, useState } from "react";
import type { DiffPanel, PanelProps, PanelServices } from "../tokens.js";
import { RunName } from "./run-name.js";

type CodeSection = DiffSection & { kind: "code" };

export const codePanel: DiffPanel<CodeSection> = { kind: "code", Component: Code };

function Code({ section, runs, everything, services }: PanelProps<CodeSection>): JSX.Element {
  const { trans } = services;
  const [pair, setPair] = useState<[number, number]>([0, runs.length - 1]);
  const [left, right] = pair;
  const files = everything ? section.files : section.files.filter((file) => file.changed);
  const choose = (side: 0 | 1, run: number): void => setPair(side === 0 ? [run, right] : [left, run]);
  return (
    <>
      <div className="runlab-Code-heads">
        {([0, 1] as const).map((side) =>
          runs.length === 2 ? (
            <RunName key={side} run={runs[pair[side]]} place={pair[side]} />
          ) : (
            <select key={side} aria-label={side === 0 ? trans.__("Run on the left") : trans.__("Run on the right")} value={pair[side]} onChange={(event) => choose(side, Number(event.target.value))}>
              {runs.map((run, i) => (
                <option key={run.id} value={i}>
                  {plainText(run.label)}
                </option>
              ))}
            </select>
          ),
        )}
      </div>
      {files.map((file) => (
        <figure key={file.path} className="runlab-Code">
          <figcaption>{plainText(file.path)}</figcaption>
          <Merge before={file.versions[left]} after={file.versions[right]} services={services} runs={runs} />
        </figure>
      ))}
    </>
  );
}

interface MergeProps {
  before: string | null;
  after: string | null;
  runs: RunDiff["runs"];
  services: PanelServices;
}

function Merge({ before, after, services: { languages, trans } }: MergeProps): JSX.Element {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const missing = before === null || after === null;
  useEffect(() => {
    let gone = false;
    let close: (() => void) | undefined;
    // The editor is loaded when the first code is shown.
    import("./code-merge.js")
      .then(({ showMerge }) => showMerge(host.current!, before ?? "", after ?? "", languages, () => gone))
      .then((dispose) => {
        if (gone) dispose();
        else close = dispose;
      })
      .catch(() => setFailed(true));
    return () => {
      gone = true;
      close?.();
    };
  }, [before, after, languages]);
  return (
    <>
      {missing && <div className="runlab-Note">{before === null && after === null ? trans.__("Not recorded in either run.") : before === null ? trans.__("Not recorded in the run on the left.") : trans.__("Not recorded in the run on the right.")}</div>}
      {failed && <div className="runlab-Note">{trans.__("The code view could not be loaded.")}</div>}
      <div ref={host} className="runlab-Merge" />
    </>
  );
}
