/** The list of runs: a listbox of which only the visible lines exist, so that 100,000 runs scroll like ten. */
import type { TranslationBundle } from "@jupyterlab/translation";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useNow } from "../text/use-now.js";
import { useVersion } from "../text/use-version.js";
import type { Line } from "./arrange.js";
import { optionId, ROW_HEIGHT, RunRow } from "./run-row.js";
import type { Gesture, Selection } from "./selection.js";

interface RunListProps {
  lines: readonly Line[];
  selection: Selection;
  /** Enter, or a double click: the page of one run, or the diff of those selected. */
  onOpen(): void;
  onFold(id: string, fold: boolean): void;
  trans: TranslationBundle;
}

export function RunList({ lines, selection, onOpen, onFold, trans }: RunListProps): JSX.Element {
  useVersion(selection);
  const box = useRef<HTMLDivElement>(null);
  const order = useMemo(() => lines.map((line) => line.record.id), [lines]);
  const live = lines.some((line) => line.record.status === "running");
  const now = useNow(live ? 1 : 20);
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => ROW_HEIGHT, overscan: 8, getItemKey: (index) => order[index] });
  const at = selection.active === null ? -1 : order.indexOf(selection.active);

  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at);
    // Only a move of the keyboard scrolls: new runs above must not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selection.active]);

  const keys = (event: React.KeyboardEvent): void => {
    if (lines.length === 0) return;
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? ROW_HEIGHT) / ROW_HEIGHT) - 1);
    const moves: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1, PageUp: at - page, PageDown: at + page };
    const modified = event.ctrlKey || event.metaKey;
    if (Object.hasOwn(moves, event.key)) {
      const id = order[Math.min(lines.length - 1, Math.max(0, moves[event.key]))];
      if (event.shiftKey) selection.pick(id, "range", order);
      else if (modified) selection.move(id);
      else selection.pick(id, "only", order);
    } else if (event.key === " " && at >= 0) {
      selection.pick(order[at], event.shiftKey ? "range" : "toggle", order);
    } else if (modified && event.key.toLowerCase() === "a") {
      selection.all(order);
    } else if (event.key === "Escape") {
      selection.clear();
    } else if (event.key === "Enter") {
      onOpen();
    } else if ((event.key === "ArrowLeft" || event.key === "ArrowRight") && at >= 0) {
      fold(at, event.key === "ArrowLeft");
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** Left folds, or goes to the parent; right opens. */
  const fold = (index: number, close: boolean): void => {
    const line = lines[index];
    if (line.nested > 0 && line.open === close) onFold(line.record.id, close);
    else if (close && line.depth > 0 && line.record.parent !== null) selection.pick(line.record.parent, "only", order);
  };

  return (
    <div
      ref={box}
      className="runlab-List"
      role="listbox"
      tabIndex={0}
      aria-label={trans.__("Runs")}
      aria-multiselectable="true"
      aria-activedescendant={at >= 0 ? optionId(order[at]) : undefined}
      onKeyDown={keys}
      onFocus={() => {
        if (selection.active === null && order.length > 0) selection.move(order[0]);
      }}
    >
      <div className="runlab-List-space" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index];
          const id = line.record.id;
          return (
            <RunRow
              key={id}
              line={line}
              place={item.index}
              count={lines.length}
              top={item.start}
              selected={selection.has(id)}
              active={item.index === at}
              now={now}
              onPick={(gesture: Gesture) => {
                selection.pick(id, gesture, order);
                box.current?.focus();
              }}
              onOpen={() => {
                selection.pick(id, "only", order);
                onOpen();
              }}
              onFold={() => onFold(id, line.open)}
              trans={trans}
            />
          );
        })}
      </div>
    </div>
  );
}
