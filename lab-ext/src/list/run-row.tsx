/** One line of the list: what a run is at a glance, in 280 pixels. */
import { PathExt } from "@jupyterlab/coreutils";
import type { TranslationBundle } from "@jupyterlab/translation";
import { formatDuration, plainText } from "runlab/format";
import { showAge } from "../text/show-age.js";
import { showMetric } from "../text/show-metric.js";
import { type ShownStatus, StatusMark, statusLabel } from "../text/status-mark.js";
import type { Line } from "./arrange.js";
import type { Gesture } from "./selection.js";
import { mainValue } from "./sorts.js";

export const ROW_HEIGHT = 46;

interface RunRowProps {
  line: Line;
  place: number;
  count: number;
  top: number;
  selected: boolean;
  active: boolean;
  now: number;
  onPick(gesture: Gesture): void;
  onOpen(): void;
  onFold(): void;
  trans: TranslationBundle;
}

/** The id an option of the list has on the page, for `aria-activedescendant`. */
export const optionId = (id: string): string => `runlab-run-${id}`;

export function RunRow({ line, place, count, top, selected, active, now, onPick, onOpen, onFold, trans }: RunRowProps): JSX.Element {
  const { record, depth, nested, open } = line;
  const status: ShownStatus = record.problem === undefined ? record.status : "problem";
  const live = status === "running";
  const metric = mainValue(record);
  const name = plainText(record.name || record.id);
  const age = live ? formatDuration(Math.max(0, now - record.started)) : showAge(record.started, now);
  const notebook = record.notebook === null ? trans.__("script") : plainText(PathExt.basename(record.notebook, ".ipynb"));
  return (
    <div
      id={optionId(record.id)}
      role="option"
      aria-selected={selected}
      aria-posinset={place + 1}
      aria-setsize={count}
      aria-label={[name, statusLabel(status, trans), metric === null ? "" : `${plainText(record.main_metric!)} ${metric}`, `${trans.__("seed")} ${record.seed}`, record.problem ?? ""].filter(Boolean).join(", ")}
      className="runlab-Row"
      data-run={record.id}
      data-status={status}
      data-active={active}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)`, paddingLeft: 6 + depth * 14 }}
      title={[name, record.id, new Date(record.started).toLocaleString(), record.notebook ?? "", record.problem ?? "", ...record.tags].map(plainText).filter(Boolean).join("\n")}
      onClick={(event) => onPick(event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only")}
      onDoubleClick={onOpen}
      onContextMenu={() => {
        if (!selected) onPick("only");
      }}
    >
      <span className="runlab-Row-lead">
        <StatusMark status={status} trans={trans} />
        <span
          className="runlab-Row-check"
          data-checked={selected}
          title={trans.__("Add to the comparison")}
          onClick={(event) => {
            event.stopPropagation();
            onPick(event.shiftKey ? "range" : "toggle");
          }}
          onDoubleClick={(event) => event.stopPropagation()}
        />
        {nested > 0 && (
          <span
            className="runlab-Row-fold"
            data-open={open}
            title={open ? trans.__("Hide nested runs") : trans._n("Show %1 nested run", "Show %1 nested runs", nested)}
            onClick={(event) => {
              event.stopPropagation();
              onFold();
            }}
            onDoubleClick={(event) => event.stopPropagation()}
          />
        )}
      </span>
      <span className="runlab-Row-name">{name}</span>
      <span className="runlab-Row-metric">{metric === null ? "" : showMetric(metric)}</span>
      {record.problem === undefined ? (
        <>
          <span className="runlab-Row-facts">
            <span className="runlab-Row-age" data-live={live}>
              {age}
            </span>
            <span>
              {trans.__("seed")} {record.seed}
            </span>
            <span className="runlab-Row-notebook">{nested > 0 && !open ? trans._n("%1 nested", "%1 nested", nested) : notebook}</span>
          </span>
          <span className="runlab-Row-metricName">{metric === null ? "" : plainText(record.main_metric!)}</span>
        </>
      ) : (
        <span className="runlab-Row-problem">{plainText(record.problem)}</span>
      )}
    </div>
  );
}
