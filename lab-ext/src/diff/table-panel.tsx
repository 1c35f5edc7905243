/** A section of rows: one column a run, and for numbers what changed from the first run to the last. */
import type { TranslationBundle } from "@jupyterlab/translation";
import type { Cell, DiffRow, DiffSection } from "runlab/diff";
import { formatNumber, plainText } from "runlab/format";
import type { DiffPanel, PanelProps } from "../tokens.js";
import { RunName } from "./run-name.js";

type TableSection = DiffSection & { kind: "table" };

export const tablePanel: DiffPanel<TableSection> = { kind: "table", Component: Table };

function Table({ section, runs, everything, services: { trans } }: PanelProps<TableSection>): JSX.Element {
  const rows = everything ? section.rows : section.rows.filter((row) => row.changed);
  const withChange = rows.some((row) => row.change !== undefined && row.change !== 0);
  return (
    <div className="runlab-Table-scroll">
      <table className="runlab-Table">
        <thead>
          <tr>
            <th />
            {runs.map((run, i) => (
              <th key={run.id} scope="col">
                <RunName run={run} place={i} />
              </th>
            ))}
            {withChange && <th scope="col">{trans.__("change")}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} data-changed={row.changed}>
              <th scope="row">{plainText(row.key)}</th>
              {shownCells(row, trans).map((shown, i) => (
                <td key={runs[i]?.id ?? i} data-implicit={row.implicit?.[i] === true} title={cellTitle(row.values[i], row.implicit?.[i] === true, trans)}>
                  {shown}
                </td>
              ))}
              {withChange && <Change row={row} trans={trans} />}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The change with a sign, an arrow, and in words for those who do not see the colour. */
function Change({ row: { change, better }, trans }: { row: DiffRow; trans: TranslationBundle }): JSX.Element {
  if (change === undefined || change === 0) return <td />;
  const verdict = better === undefined ? "" : better ? trans.__("better") : trans.__("worse");
  return (
    <td className="runlab-Table-change" data-better={better} title={String(change)}>
      <span aria-hidden="true">{change > 0 ? "▲" : "▼"}</span> {change > 0 ? "+" : "−"}
      {formatNumber(Math.abs(change), 4)}
      {verdict && <span className="runlab-Table-verdict">{verdict}</span>}
    </td>
  );
}

/** The values of a row; numbers with a fraction get the same number of decimals, so that digits can be compared by place. */
function shownCells({ values }: DiffRow, trans: TranslationBundle): (string | JSX.Element)[] {
  const texts = values.map((value) => (typeof value === "number" ? formatNumber(value, 6) : null));
  const decimals = texts.every((text) => text === null || /^-?\d+(\.\d+)?$/.test(text)) ? Math.max(0, ...texts.map((text) => text?.split(".")[1]?.length ?? 0)) : null;
  return values.map((value, i) => {
    if (value === undefined) return <span className="runlab-Table-unset">{trans.__("(not set)")}</span>;
    if (typeof value === "number") return decimals === null ? texts[i]! : value.toFixed(decimals);
    return typeof value === "string" ? plainText(value) : String(value);
  });
}

function cellTitle(value: Cell, implicit: boolean, trans: TranslationBundle): string {
  return [value === undefined ? "" : plainText(String(value)), implicit ? trans.__("a default, not chosen") : ""].filter(Boolean).join("\n");
}
